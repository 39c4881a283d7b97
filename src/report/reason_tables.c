/* What readers say of tables of polling stations, and how a sample was drawn; in four languages, as
 * in reason_rules.c. A text from the table stands in quotes. */
#include "report/reasons.h"

/* clang-format off */
const struct urna_reason urna_reasons_of_tables[] = {
{{"column \"{1s}\": {2r}", "слупок «{1}»: {2}", "столбец «{1}»: {2}", "columna «{1}»: {2}"}},
{{"\"{1s}\" is too large", "«{1}» завялікі лік", "«{1}» слишком большое число", "«{1}» es demasiado grande"}},
{{"\"{1s}\" is no whole number", "«{1}» не цэлы лік", "«{1}» не целое число", "«{1}» no es un número entero"}},
{{"\"{1s}\" makes the sum too large", "«{1}» робіць суму завялікай", "«{1}» делает сумму слишком большой", "«{1}» hace demasiado grande la suma"}},
{{"\"{1s}\" is no percentage", "«{1}» не працэнт", "«{1}» не процент", "«{1}» no es un porcentaje"}},
{{"\"{1s}\" is no name of a station", "«{1}» не назва ўчастка", "«{1}» не название участка", "«{1}» no es el nombre de una mesa"}},
{{"\"\" is no name of a station", "пустая клетка замест назвы ўчастка", "пустая ячейка вместо названия участка", "celda vacía en lugar del nombre de una mesa"}},
{{"\"{1s}\"... is too large", "«{1}…» завялікі лік", "«{1}…» слишком большое число", "«{1}…» es demasiado grande"}},
{{"\"{1s}\"... is no whole number", "«{1}…» не цэлы лік", "«{1}…» не целое число", "«{1}…» no es un número entero"}},
{{"\"{1s}\"... makes the sum too large", "«{1}…» робіць суму завялікай", "«{1}…» делает сумму слишком большой", "«{1}…» hace demasiado grande la suma"}},
{{"\"{1s}\"... is no percentage", "«{1}…» не працэнт", "«{1}…» не процент", "«{1}…» no es un porcentaje"}},
{{"\"{1s}\"... is no name of a station", "«{1}…» не назва ўчастка", "«{1}…» не название участка", "«{1}…» no es el nombre de una mesa"}},
{{"\"{1s}\" is no whole number; if it means none, or not known, say so in the map: zero = TEXT, or unknown = TEXT", "«{1}» не цэлы лік; калі гэта значыць нуль або невядома, запішыце ў мапе: zero = TEXT або unknown = TEXT", "«{1}» не целое число; если это значит ноль или неизвестно, запишите в карте: zero = TEXT или unknown = TEXT", "«{1}» no es un número entero; si significa cero o desconocido, indíquelo en el mapa: zero = TEXT o unknown = TEXT"}},
{{"\"{1s}\" is nobody's name", "«{1}» нічыё імя", "«{1}» ничьё имя", "«{1}» no es el nombre de nadie"}},
{{"\"{1s}\"... is no whole number; if it means none, or not known, say so in the map: zero = TEXT, or unknown = TEXT", "«{1}…» не цэлы лік; калі гэта значыць нуль або невядома, запішыце ў мапе: zero = TEXT або unknown = TEXT", "«{1}…» не целое число; если это значит ноль или неизвестно, запишите в карте: zero = TEXT или unknown = TEXT", "«{1}…» no es un número entero; si significa cero o desconocido, indíquelo en el mapa: zero = TEXT o unknown = TEXT"}},
{{"\"{1s}\"... is nobody's name", "«{1}…» нічыё імя", "«{1}…» ничьё имя", "«{1}…» no es el nombre de nadie"}},
{{"{1n} fields instead of {2n}: the row is left out", "палёў {1} замест {2}: радок прапушчаны", "полей {1} вместо {2}: строка пропущена", "campos: {1} en lugar de {2}; la fila se omite"}},
{{"{1n} fields instead of {2n}: the row is left out (columns without a name?)", "палёў {1} замест {2}: радок прапушчаны (слупкі без назвы?)", "полей {1} вместо {2}: строка пропущена (столбцы без названия?)", "campos: {1} en lugar de {2}; la fila se omite (¿columnas sin nombre?)"}},
{{"A: SHA-256(seed, count), Rivest, Colorado", "A: SHA-256(зерне, лічыльнік), Рывест, Каларада", "A: SHA-256(зерно, счётчик), Ривест, Колорадо", "A: SHA-256(semilla, contador), Rivest, Colorado"}},
{{"B: SHA-256, cryptorandom", "B: SHA-256, cryptorandom", "B: SHA-256, cryptorandom", "B: SHA-256, cryptorandom"}},
{{"C: consistent sampler, Rivest", "C: узгоднены выбар, Рывест", "C: согласованный выбор, Ривест", "C: muestreador consistente, Rivest"}},
{{NULL}},
};
/* clang-format on */
