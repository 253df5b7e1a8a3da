import type { FixValue } from "./fix-value.ts";
import type { Fixer } from "./fixer.ts";
import { buildersOf, renameUnlessSet } from "./template-parts.ts";

const ANY = /^/;

export const isoMd5: Fixer = {
  name: "iso-md5",
  doc: 'Replaces "iso_md5" in builders with "iso_checksum"',
  outdated: { of: ANY, options: ["iso_md5"] },
  fix(template) {
    for (const builder of buildersOf(template)) {
      const sum = builder.get("iso_md5");
      if (typeof sum !== "string") continue;
      builder.delete("iso_md5");
      builder.set("iso_checksum", sum);
      builder.set("iso_checksum_type", "md5");
    }
  },
};

export const isoChecksumTypeAndUrl: Fixer = {
  name: "iso-checksum-type-and-url",
  doc: 'Puts content of potential "iso_checksum_url" and "iso_checksum_type" in "iso_checksum"',
  outdated: { of: ANY, options: ["iso_checksum_type", "iso_checksum_url"] },
  fix(template) {
    for (const builder of buildersOf(template)) {
      const [type, url, sum] = ["iso_checksum_type", "iso_checksum_url", "iso_checksum"].map((name) => {
        const value = builder.get(name);
        return typeof value === "string" ? value : "";
      });
      const none = type?.toLowerCase() === "none";
      builder.delete("iso_checksum_type");
      builder.delete("iso_checksum_url");
      if (url) builder.set("iso_checksum", `file:${url}`);
      // Packer drops it, or makes "none:" of it: then the template does not say any more that none is wanted.
      else if (none) builder.set("iso_checksum", "none");
      else if (type && sum) builder.set("iso_checksum", `${type}:${sum}`);
    }
  },
};

export const createTime: Fixer = {
  name: "createtime",
  doc: 'Replaces ".CreateTime" in builder configs with "{{timestamp}}"',
  fix(template) {
    for (const builder of buildersOf(template)) {
      for (const name of ["ami_name", "bundle_prefix", "snapshot_name"]) {
        const text = builder.get(name);
        if (typeof text === "string") builder.set(name, text.replace(/\{\{\s*\.CreateTime\s*\}\}/g, "{{timestamp}}"));
      }
    }
  },
};

export const cleanImageName: Fixer = {
  name: "clean-image-name",
  doc: 'Replaces /clean_(image|ami)_name/ in builder configs with "clean_resource_name"',
  fix(template) {
    for (const builder of buildersOf(template)) {
      for (const [name, value] of builder) builder.set(name, cleanNames(value));
    }
  },
};

/** However deep; Packer looks no further than into the objects of a builder. */
function cleanNames(value: FixValue): FixValue {
  if (typeof value === "string") return value.replace(/clean_(image|ami)_name/g, "clean_resource_name");
  if (Array.isArray(value)) return value.map(cleanNames);
  if (!(value instanceof Map)) return value;
  return new Map([...value].map(([name, item]) => [name, cleanNames(item)]));
}

export const sshKeyPath = renaming({
  name: "sshkeypath",
  doc: 'Updates builders using "ssh_key_path" to use "ssh_private_key_file"',
  from: "ssh_key_path",
  to: "ssh_private_key_file",
  kind: "string",
});

export const sshDisableAgent = renaming({
  name: "sshdisableagent",
  doc: 'Updates builders using "ssh_disable_agent" to use "ssh_disable_agent_forwarding"',
  from: "ssh_disable_agent",
  to: "ssh_disable_agent_forwarding",
  kind: "boolean",
});

export const sshWaitTimeout = renaming({
  name: "ssh-wait-timeout",
  doc: 'Replaces "ssh_wait_timeout" with "ssh_timeout"',
  from: "ssh_wait_timeout",
  to: "ssh_timeout",
  kind: "string",
});

function renaming(one: { name: string; doc: string; from: string; to: string; kind: "string" | "boolean" }): Fixer {
  return {
    name: one.name,
    doc: one.doc,
    outdated: { of: ANY, options: [one.from] },
    fix(template) {
      for (const builder of buildersOf(template)) renameUnlessSet(builder, one.from, one.to, one.kind);
    },
  };
}

export const azureExcludeFromLatest: Fixer = {
  name: "azure-exclude_from_latest",
  doc: 'Changes "exlude_from_latest" to "exclude_from_latest" in Azure builders.',
  outdated: { of: /^azure-/, options: ["exlude_from_latest"] },
  fix(template) {
    for (const builder of buildersOf(template)) {
      const image: FixValue | undefined = builder.get("shared_image_destination");
      if (builder.get("type") !== "azure-chroot" || !(image instanceof Map)) continue;
      const value = image.get("exlude_from_latest");
      if (value === undefined) continue;
      image.delete("exlude_from_latest");
      image.set("exclude_from_latest", value);
    }
  },
};

export const scalewayAccessKey: Fixer = {
  name: "scaleway-access-key",
  doc: 'Updates builders using "access_key" to use "organization_id"',
  outdated: { of: /^scaleway$/, options: ["access_key"] },
  fix(template) {
    for (const builder of buildersOf(template)) {
      if (builder.get("type") === "scaleway") renameUnlessSet(builder, "access_key", "organization_id", "string");
    }
  },
};
