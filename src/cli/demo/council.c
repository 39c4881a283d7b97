/* Votes by list in the online election of the Coordination Council, 25-27 May 2024, as printed by Pozirk on 28 May 2024
 * (https://pozirk.online/en/news/87475): facts, carried over in our own table; names shortened to Latin letters. 6,723 votes, 80 seats, threshold 3%. */
#include "cli/demo/demo.h"

const struct demo_list demo_council[DEMO_LISTS] = {
    {"solidarity", "Solidarity", 104},
    {"liberty", "Liberty", 432},
    {"european-choice", "European Choice", 605},
    {"our-cause", "Our Cause", 489},
    {"diasporas", "Voice of Diasporas", 184},
    {"independent", "Independent Belarusians", 616},
    {"prakopieu-jahorau", "Prakopieu-Jahorau Bloc", 1050},
    {"latushka", "Team Latushka and Movement \"For Freedom\"", 2358},
    {"down-with-fear", "Down with Fear!", 226},
    {"country-to-live-in", "Strana dlya Zhizni (A Country to Live In)", 61},
    {"youth-offensive", "Youth Offensive", 598},
};
