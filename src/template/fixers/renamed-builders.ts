import type { FixObject, FixValue } from "./fix-value.ts";
import type { Fixer } from "./fixer.ts";
import { buildersOf, postProcessorsOf, provisionersOf } from "./template-parts.ts";

export const virtualboxRename = renamedBuilder("virtualbox", {
  name: "virtualbox-rename",
  doc: 'Updates "virtualbox" builders to "virtualbox-iso"',
});

export const vmwareRename = renamedBuilder("vmware", {
  name: "vmware-rename",
  doc: 'Updates "vmware" builders to "vmware-iso"',
});

export const proxmoxType = renamedBuilder("proxmox", {
  name: "proxmox-type",
  doc: "Updates the builder type proxmox to proxmox-iso",
});

/** TYPE becomes TYPE-iso. A builder without a name is called by its type: what names it is renamed, too. */
function renamedBuilder(type: string, { name, doc }: { name: string; doc: string }): Fixer {
  const now = `${type}-iso`;
  return {
    name,
    doc,
    fix(template) {
      const renamed = buildersOf(template).filter((builder) => builder.get("type") === type);
      for (const builder of renamed) builder.set("type", now);
      if (!renamed.some((builder) => !builder.has("name"))) return;
      for (const component of [...provisionersOf(template), ...postProcessorsOf(template)]) {
        for (const list of ["only", "except"]) renameInList(component, list, type, now);
        const override: FixValue | undefined = component.get("override");
        if (override instanceof Map) renameKey(override, type, now);
      }
    },
  };
}

function renameInList(component: FixObject, list: string, from: string, to: string): void {
  const names = component.get(list);
  if (Array.isArray(names))
    component.set(
      list,
      names.map((name) => (name === from ? to : name)),
    );
  else if (names === from) component.set(list, to);
}

function renameKey(object: FixObject, from: string, to: string): void {
  const value = object.get(from);
  if (value === undefined || object.has(to)) return;
  object.delete(from);
  object.set(to, value);
}
