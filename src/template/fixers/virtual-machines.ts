import { type FixObject, type FixValue, isNumber } from "./fix-value.ts";
import type { Fixer } from "./fixer.ts";
import { buildersOf, rename, renameUnlessSet, typeOf } from "./template-parts.ts";

export const virtualboxGuestAdditionsAttach: Fixer = {
  name: "virtualbox-gaattach",
  doc: 'Updates VirtualBox builders using "guest_additions_attach" to use "guest_additions_mode"',
  outdated: { of: /^virtualbox/, options: ["guest_additions_attach"] },
  fix(template) {
    for (const builder of ofType(template, /^virtualbox$/)) {
      const attach = builder.get("guest_additions_attach");
      if (typeof attach !== "boolean") continue;
      builder.delete("guest_additions_attach");
      builder.set("guest_additions_mode", attach ? "attach" : "upload");
    }
  },
};

const PARALLELS = /^parallels-(iso|pvm)$/;

export const parallelsHeadless: Fixer = {
  name: "parallels-headless",
  doc: 'Removes unused "headless" from Parallels builders',
  outdated: { of: PARALLELS, options: ["headless"] },
  fix(template) {
    for (const builder of ofType(template, PARALLELS)) builder.delete("headless");
  },
};

export const parallelsDeprecations: Fixer = {
  name: "parallels-deprecations",
  doc: 'Removes deprecated "parallels_tools_host_path" from Parallels builders and changes "guest_os_distribution" to "guest_os_type".',
  outdated: { of: PARALLELS, options: ["parallels_tools_host_path", "guest_os_distribution"] },
  fix(template) {
    for (const builder of ofType(template, PARALLELS)) {
      builder.delete("parallels_tools_host_path");
      rename(builder, "guest_os_distribution", "guest_os_type");
    }
  },
};

export const vmwareCompaction: Fixer = {
  name: "vmware-compaction",
  doc: 'Adds "skip_compaction = true" to "vmware-iso" builders with incompatible disk_type_id',
  fix(template) {
    for (const builder of ofType(template, /^vmware-iso$/)) {
      if (builder.get("remote_type") !== "esx5") continue;
      const disk = builder.get("disk_type_id");
      if (disk === undefined) builder.set("disk_type_id", "zeroedthick");
      if (disk === undefined || disk === "" || disk === "zeroedthick" || disk === "eagerzeroedthick") {
        builder.set("skip_compaction", true);
      }
    }
  },
};

export const hypervDeprecations: Fixer = {
  name: "hyperv-deprecations",
  doc: 'Removes the deprecated "vhd_temp_path" setting from Hyper-V ISO builder templates',
  outdated: { of: /^hyperv-iso$/, options: ["vhd_temp_path"] },
  fix(template) {
    for (const builder of ofType(template, /^hyperv-iso$/)) builder.delete("vhd_temp_path");
  },
};

export const hypervVmxcTypo: Fixer = {
  name: "hyperv-vmxc-typo",
  doc: 'Fixes a typo replacing "clone_from_vmxc_path" with "clone_from_vmcx_path" in Hyper-V VMCX builder templates',
  outdated: { of: /^hyperv-vmcx$/, options: ["clone_from_vmxc_path"] },
  fix(template) {
    for (const builder of ofType(template, /^hyperv-vmcx$/)) {
      rename(builder, "clone_from_vmxc_path", "clone_from_vmcx_path");
    }
  },
};

export const hypervCpuAndRam: Fixer = {
  name: "hyperv-cpu-and-ram",
  doc: 'Replaces "cpu" with "cpus" and "ram_size" with "memory" in Hyper-V builder templates',
  outdated: { of: /^hyperv-(iso|vmcx)$/, options: ["cpu", "ram_size"] },
  fix(template) {
    for (const builder of ofType(template, /^hyperv-(iso|vmcx)$/)) {
      rename(builder, "cpu", "cpus");
      rename(builder, "ram_size", "memory");
    }
  },
};

export const qemuDiskSize: Fixer = {
  name: "qemu-disk-size",
  doc: 'Updates "disk_size" from int to string in QEMU builders.',
  fix(template) {
    for (const builder of ofType(template, /^qemu$/)) {
      const size = builder.get("disk_size");
      if (isNumber(size)) builder.set("disk_size", `${Math.trunc(Number(size.number))}M`);
    }
  },
};

const PORTS = ["ssh_host_port_min", "ssh_host_port_max"] as const;

export const communicatorPorts: Fixer = {
  name: "comm-config",
  doc: "Remove ssh prefixes from communicator port forwarding configuration (host_port_min, host_port_max, skip_nat_mapping)",
  outdated: { of: /^virtualbox-(iso|ovf|vm)$/, options: [...PORTS, "ssh_skip_nat_mapping"] },
  fix(template) {
    for (const builder of ofType(template, /^virtualbox-(iso|ovf|vm)$/)) {
      for (const port of PORTS) renameUnlessSet(builder, port, port.slice("ssh_".length));
      renameUnlessSet(builder, "ssh_skip_nat_mapping", "skip_nat_mapping", "boolean");
    }
  },
};

export const qemuHostPort: Fixer = {
  name: "qemu-host-port",
  doc: "Updates ssh_host_port_min and ssh_host_port_max to host_port_min and host_port_max",
  outdated: { of: /^qemu$/, options: PORTS },
  fix(template) {
    for (const builder of ofType(template, /^qemu$/)) {
      for (const port of PORTS) rename(builder, port, port.slice("ssh_".length));
    }
  },
};

export const vsphereNetworkAndDisk: Fixer = {
  name: "vsphere-iso-net-disk",
  doc: 'Removes deprecated network and disk fields from "vsphere-iso" builder',
  outdated: {
    of: /^vsphere-iso$/,
    options: ["network", "networkCard", "network_card", "disk_size", "disk_thin_provisioned", "disk_eagerly_scrub"],
  },
  fix(template) {
    for (const builder of ofType(template, /^vsphere-iso$/)) {
      const card = builder.has("network_card") ? "network_card" : "networkCard";
      gather(builder, "network_adapters", { network: "network", [card]: "network_card" });
      builder.delete("networkCard");
      const disk = ["disk_size", "disk_thin_provisioned", "disk_eagerly_scrub"];
      gather(builder, "storage", Object.fromEntries(disk.map((name) => [name, name])));
    }
  },
};

/** Moves options into one object, the first of a list of such. */
function gather(builder: FixObject, list: string, names: Readonly<Record<string, string>>): void {
  const first: FixObject = new Map();
  for (const [from, to] of Object.entries(names)) {
    const value = builder.get(from);
    if (value !== undefined) first.set(to, value);
    builder.delete(from);
  }
  if (first.size === 0) return;
  const others: FixValue | undefined = builder.get(list);
  builder.set(list, [first, ...(Array.isArray(others) ? others : others === undefined ? [] : [others])]);
}

function ofType(template: FixObject, type: RegExp): FixObject[] {
  return buildersOf(template).filter((builder) => type.test(typeOf(builder)));
}
