#ifndef URNA_CLI_CMD_RECORD_H
#define URNA_CLI_CMD_RECORD_H

#include "cli/common.h"

int urna_cmd_record_new(int argc, char **argv);
int urna_cmd_record_append(int argc, char **argv);
int urna_cmd_record_cosign(int argc, char **argv);
int urna_cmd_record_anchor(int argc, char **argv);
int urna_cmd_record_ls(int argc, char **argv);
int urna_cmd_record_cat(int argc, char **argv);
int urna_cmd_record_say(int argc, char **argv);
int urna_cmd_record_attach(int argc, char **argv);
int urna_cmd_record_export(int argc, char **argv);
int urna_cmd_record_pull(int argc, char **argv);

#endif
