import { scriptFields } from "../../../sdk/scripts/script-fields.ts";
import { boolean, duration, string } from "../../../spec/fields.ts";

export const shellFields = {
  ...scriptFields,
  execute_command: string(
    "The command that runs a script in the guest. `{{.Path}}` is the script there, `{{.Vars}}` its environment, " +
      "`{{.EnvVarFile}}` the file that holds it.",
    {
      templating: "later",
      defaultDoc:
        "`chmod +x {{.Path}}; {{.Vars}} {{.Path}}`, or `chmod +x {{.Path}}; . {{.EnvVarFile}} && {{.Path}}` with `use_env_var_file`",
    },
  ),
  env_var_format: string(
    "How one environment variable is written into `{{.Vars}}` or the file: `%s` twice, for name and value.",
    { defaultDoc: "`%s='%s' `, or `export %s='%s'\\n` with `use_env_var_file`" },
  ),
  use_env_var_file: boolean(
    "Hands the environment over in a file that only its owner may read, rather than on the command line.",
    { default: false },
  ),
  inline_shebang: string(
    "First line of the script made of `inline`, without `#!`. Left out where `inline` brings its own, unless it is set.",
    { defaultDoc: "`/bin/sh -e`" },
  ),
  remote_folder: string("Folder in the guest where scripts are put.", { default: "/tmp" }),
  remote_file: string("Name of a script in the guest.", { defaultDoc: "a name that is unique to the run" }),
  remote_path: string("Path of a script in the guest.", { defaultDoc: "`remote_folder/remote_file`" }),
  binary: boolean("Uploads scripts as they are; otherwise lines that end as in Windows are made to end as in Unix.", {
    default: false,
  }),
  skip_clean: boolean("Leaves the scripts in the guest.", { default: false }),
  start_retry_timeout: duration(
    "How long uploading and starting a script is tried again, for instance while the guest restarts.",
    { default: 300_000 },
  ),
  expect_disconnect: boolean(
    "A connection that is lost while a script runs is no fault, as when it restarts the guest.",
    {
      default: false,
    },
  ),
  pause_after: duration("Waits this long at the end.", { default: 0 }),
};
