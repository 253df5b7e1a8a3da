import { boolean, string, stringList } from "../../../spec/fields.ts";
import { scriptFields } from "../script-fields.ts";

/** Options of `shell-local`, provisioner and post-processor alike. */
export const shellLocalFields = {
  ...scriptFields,
  command: string("One command.", { deprecated: "Use `inline`." }),
  execute_command: stringList(
    "The program that runs a script, and its arguments. `{{.Script}}` is the path of the script, `{{.Vars}}` its environment.",
    {
      templating: "later",
      defaultDoc:
        '`["/bin/sh", "-c", "{{.Vars}} {{.Script}}"]`, on Windows `["cmd", "/V", "/C", "{{.Vars}}", "call", "{{.Script}}"]`',
    },
  ),
  inline_shebang: string("First line of the script made of `inline`, without `#!`. Not used on Windows.", {
    default: "/bin/sh -e",
  }),
  env_var_format: string("How one environment variable is written into `{{.Vars}}`: `%s` twice, for name and value.", {
    defaultDoc: "`%s='%s' `, on Windows `set %s=%s && `",
  }),
  only_on: stringList("Runs only where Ingot runs on one of these systems; elsewhere it does nothing.", {
    defaultDoc: "every system",
  }),
  tempfile_extension: string("Extension of the file that holds the `inline` script, with its dot.", {
    defaultDoc: "none, on Windows `.cmd`",
  }),
  use_linux_pathing: boolean("Gives the path of a script as the Windows Subsystem for Linux has it (`/mnt/c/…`).", {
    default: false,
  }),
};
