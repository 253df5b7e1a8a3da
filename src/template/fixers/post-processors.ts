import type { FixObject, FixValue } from "./fix-value.ts";
import type { Fixer } from "./fixer.ts";
import { postProcessorsOf } from "./template-parts.ts";

export const vagrantOverride: Fixer = {
  name: "pp-vagrant-override",
  doc: "Fixes provider-specific overrides for Vagrant post-processor",
  outdated: { of: /^vagrant$/, options: ["aws", "digitalocean", "virtualbox", "vmware"] },
  fix(template) {
    for (const one of ofType(template, "vagrant")) {
      const moved = ["aws", "digitalocean", "virtualbox", "vmware"].filter((provider) => one.has(provider));
      if (moved.length === 0) continue;
      const earlier: FixValue | undefined = one.get("override");
      const override: FixObject = earlier instanceof Map ? earlier : new Map();
      for (const provider of moved) {
        override.set(provider, one.get(provider) ?? null);
        one.delete(provider);
      }
      one.set("override", override);
    }
  },
};

export const manifestFilename: Fixer = {
  name: "manifest-filename",
  doc: 'Updates "manifest" post-processor so any "filename" field is renamed to "output".',
  outdated: { of: /^manifest$/, options: ["filename"] },
  fix(template) {
    for (const one of ofType(template, "manifest")) {
      const file = one.get("filename");
      if (typeof file !== "string") continue;
      one.delete("filename");
      one.set("output", file);
    }
  },
};

export const dockerEmail: Fixer = {
  name: "docker-email",
  doc: 'Removes "login_email" from the Docker builder.',
  outdated: { of: /^docker/, options: ["login_email"] },
  fix(template) {
    for (const one of postProcessorsOf(template)) one.delete("login_email");
  },
};

export const dockerTags: Fixer = {
  name: "docker-tag-tags",
  doc: 'Updates "docker" post-processor so any "tag" field is renamed to "tags".',
  outdated: { of: /^docker-tag$/, options: ["tag"] },
  fix(template) {
    for (const one of ofType(template, "docker-tag")) {
      const tags = [...tagsIn(one.get("tag")), ...tagsIn(one.get("tags"))];
      one.delete("tag");
      one.set("tags", [...new Set(tags)]);
    }
  },
};

function tagsIn(value: FixValue | undefined): string[] {
  if (typeof value === "string") return value.split(",").map((tag) => tag.trim());
  return Array.isArray(value) ? value.filter((tag) => typeof tag === "string") : [];
}

function ofType(template: FixObject, type: string): FixObject[] {
  return postProcessorsOf(template).filter((one) => one.get("type") === type);
}
