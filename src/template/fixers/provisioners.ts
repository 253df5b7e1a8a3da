import type { Fixer } from "./fixer.ts";
import { provisionersOf, renameUnlessSet } from "./template-parts.ts";

export const powershellEscapes: Fixer = {
  name: "powershell-escapes",
  doc: "Removes PowerShell escapes from user env vars and elevated username and password strings",
  fix(template) {
    for (const provisioner of provisionersOf(template)) {
      if (provisioner.get("type") !== "powershell") continue;
      for (const name of ["elevated_user", "elevated_password"]) {
        const text = provisioner.get(name);
        if (typeof text === "string") provisioner.set(name, unescaped(text));
      }
      const variables = provisioner.get("environment_vars");
      if (!Array.isArray(variables)) continue;
      provisioner.set(
        "environment_vars",
        variables.map((each) => (typeof each === "string" ? unescaped(each) : each)),
      );
    }
  },
};

/** Users had to write these before the provisioner did it itself. */
function unescaped(text: string): string {
  return text.replace(/`([`"'$])/g, "$1");
}

export const galaxyCommand: Fixer = {
  name: "galaxy-command",
  doc: 'Replaces "galaxycommand" in ansible-local provisioner configs with "galaxy_command"',
  outdated: { of: /^ansible-local$/, options: ["galaxycommand"] },
  fix(template) {
    for (const provisioner of provisionersOf(template)) {
      if (provisioner.get("type") !== "ansible-local") continue;
      renameUnlessSet(provisioner, "galaxycommand", "galaxy_command", "string");
    }
  },
};
