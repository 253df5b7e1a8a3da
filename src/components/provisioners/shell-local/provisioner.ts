import { defineProvisioner } from "../../../sdk/component.ts";
import { checkShellLocal } from "../../../sdk/scripts/local/check.ts";
import { shellLocalFields } from "../../../sdk/scripts/local/fields.ts";
import { runLocalScripts } from "../../../sdk/scripts/local/run-scripts.ts";
import { temporaryPathKind } from "../../../sdk/temporary-path.ts";

export const shellLocalProvisioner = defineProvisioner({
  name: "shell-local",
  doc: "Runs scripts on the machine that Ingot runs on.",
  fields: shellLocalFields,
  owns: [temporaryPathKind],
  check: checkShellLocal,
  run: runLocalScripts,
});
