import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Diagnostics } from "../../../src/hcl/source/diagnostic.ts";
import { fixTemplate } from "../../../src/template/fixers/fix-template.ts";
import { packer, runPacker, WITHOUT_PACKER } from "../packer-oracle.ts";

const TYPES_OF_AMAZON = ["amazon-ebs", "amazon-ebsvolume", "amazon-chroot", "amazon-foo", "amazon", "googlecompute"];
const AMAZON = TYPES_OF_AMAZON.map((type) => ({
  type,
  shutdown_behaviour: "x",
  enhanced_networking: true,
  ssh_private_ip: true,
  temporary_security_group_source_cidr: "x,y",
  spot_price_auto_product: "z",
}));

const CHECKSUMS = [
  { iso_checksum_type: "sha256", iso_checksum: "abc" },
  { iso_checksum: "abc" },
  { iso_checksum_url: "http://x" },
  { iso_checksum_type: "sha256" },
  { iso_checksum_type: "sha256", iso_checksum_url: "http://x" },
  { iso_checksum_type: "sha256", iso_checksum: "abc", iso_checksum_url: "http://x" },
  { iso_checksum_type: "{{user `t`}}", iso_checksum: "{{user `c`}}" },
  { iso_checksum_type: "", iso_checksum: "x" },
  { iso_checksum_type: "sha256", iso_checksum: "" },
  { iso_checksum_type: 5, iso_checksum: "x" },
  { iso_checksum_url: 5 },
  { iso_checksum_url: "http://x", iso_checksum: "y" },
  { iso_checksum_type: null, iso_checksum: "x" },
  { iso_md5: "y", iso_checksum_url: "z" },
  { iso_md5: 5 },
  { iso_md5: "x", iso_checksum: "y" },
];

/** Sections of templates: each is fixed by Packer and by us. */
const SAME: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "amazon builders": {
    builders: [
      ...AMAZON,
      { type: "amazon-ebs", ssh_private_ip: false },
      { type: "amazon-ebs", ssh_private_ip: "true" },
      { type: "amazon-ebs", ssh_private_ip: true, ssh_interface: "x" },
      { type: "amazon-ebs", temporary_security_group_source_cidr: 5 },
      { type: "amazon-ebs", temporary_security_group_source_cidr: "x", temporary_security_group_source_cidrs: ["y"] },
      { type: "amazon-ebs", enhanced_networking: "yes", ena_support: false },
      { type: "amazon-ebs", enhanced_networking: true, ena_support: false },
      { type: "amazon-ebs", shutdown_behaviour: 5, shutdown_behavior: "b" },
    ],
  },
  checksums: { builders: CHECKSUMS.map((options) => ({ type: "qemu", ...options })) },
  names: {
    builders: [
      { type: "a", ami_name: "a {{ .CreateTime }} {{.CreateTime|x}}", other: "{{.CreateTime}}" },
      { type: "a", snapshot_name: "{{.CreateTime}} {{.CreateTime }}", bundle_prefix: "{{ .CreateTime}}" },
      { type: "a", n: "{{clean_image_name `x`}} clean_image_name" },
      { type: "a", m: { k: "{{clean_ami_name `z`}}" } },
    ],
  },
  "connections of any builder": {
    builders: [
      { type: "a", ssh_key_path: "x", ssh_private_key_file: "y", ssh_disable_agent: false, ssh_wait_timeout: "5m" },
      { type: "a", ssh_key_path: 5, ssh_disable_agent: "x", ssh_wait_timeout: 5 },
      { type: "a", ssh_key_path: "", ssh_wait_timeout: "5m", ssh_timeout: "3m" },
      { type: "a", ssh_disable_agent: true, ssh_disable_agent_forwarding: false },
      ...["qemu", "virtualbox-iso", "virtualbox-ovf", "virtualbox-vm", "vmware-iso"].map((type) => ({
        type,
        ssh_host_port_min: 1,
        ssh_host_port_max: "{{user `x`}}",
        ssh_skip_nat_mapping: true,
      })),
      { type: "qemu", ssh_host_port_min: 1, host_port_min: 5 },
      { type: "virtualbox-iso", ssh_host_port_min: 1, host_port_min: 5, ssh_skip_nat_mapping: "true" },
    ],
  },
  "virtual machines": {
    builders: [
      { type: "virtualbox", guest_additions_attach: true, guest_additions_mode: "x" },
      { type: "virtualbox", guest_additions_attach: false },
      { type: "virtualbox-iso", guest_additions_attach: true },
      { type: "parallels-iso", headless: true, parallels_tools_host_path: "x", guest_os_distribution: "y" },
      { type: "parallels-pvm", headless: true, guest_os_distribution: 5, guest_os_type: "z" },
      { type: "parallels", headless: true, parallels_tools_host_path: "x", guest_os_distribution: "y" },
      { type: "vmware", remote_type: "esx5" },
      { type: "vmware-iso", remote_type: "esx5", disk_type_id: "thin" },
      { type: "vmware-iso", remote_type: "esx5", disk_type_id: "" },
      { type: "vmware-iso", remote_type: "esx5", disk_type_id: "eagerzeroedthick", skip_compaction: false },
      { type: "vmware-iso", remote_type: "", disk_type_id: "zeroedthick" },
      { type: "vmware-vmx", remote_type: "esx5" },
      ...["hyperv-iso", "hyperv-vmcx", "hyperv"].map((type) => ({
        type,
        vhd_temp_path: "x",
        clone_from_vmxc_path: "y",
        cpu: 2,
        ram_size: 5,
        memory: 3,
      })),
      ...[40, 40.5, "40G", "{{user `x`}}", true, 12345678901].map((disk_size) => ({ type: "qemu", disk_size })),
      { type: "a", disk_size: 40 },
      { type: "proxmox" },
      { type: "proxmox-iso" },
    ],
  },
  vsphere: {
    builders: [
      { network: "n" },
      { network_card: "c" },
      { networkCard: "c" },
      { network: "n", network_card: "c", networkCard: "d" },
      { network: "n", network_adapters: [{ network: "z" }] },
      { network: "", network_adapters: [] },
      { disk_size: 5, disk_thin_provisioned: true },
      { disk_eagerly_scrub: true, disk_controller_type: "pvscsi" },
      { disk_size: 0, disk_thin_provisioned: false, storage: [{ disk_size: 6 }] },
    ].map((options) => ({ type: "vsphere-iso", ...options })),
  },
  "other builders": {
    builders: [
      { type: "scaleway", access_key: "x" },
      { type: "scaleway", access_key: "x", organization_id: "o" },
      { type: "scaleway", access_key: 5 },
      { type: "other", access_key: "x", login_email: "y" },
      { type: "azure-chroot", shared_image_destination: { exlude_from_latest: true, exclude_from_latest: false } },
      { type: "azure-arm", shared_image_destination: { exlude_from_latest: true }, exlude_from_latest: true },
    ],
  },
  "post-processors": {
    builders: [{ type: "null" }],
    "post-processors": [
      "vagrant",
      { type: "vagrant", aws: { x: 1 }, virtualbox: { y: 2 }, vmware: 5, hyperv: {} },
      ["x", { type: "manifest", filename: "x", output: "y" }, { type: "manifest", filename: 5 }],
      { type: "docker-push", login_email: "x" },
      [
        { type: "docker-tag", tag: "x, y" },
        { type: "docker-tag", tag: ["a"], tags: ["a", "b"] },
      ],
      { type: "docker-tag", tag: "x", tags: "z" },
      { type: "docker-tag", tag: 5 },
      { type: "docker-tag", repository: "x" },
      { type: "docker-import", tag: "x" },
    ],
  },
  provisioners: {
    builders: [{ type: "null" }],
    provisioners: [
      {
        type: "powershell",
        elevated_user: '```$ ```` `````$ `"" `',
        elevated_password: "a`$b ``c `'",
        environment_vars: ["A=`$x", "B=``y``", "`n"],
        inline: ["`$x"],
      },
      { type: "powershell", environment_vars: "A=`$x" },
      { type: "shell", environment_vars: ["A=`$x"], elevated_user: "`$" },
      { type: "ansible-local", galaxycommand: "x" },
      { type: "ansible-local", galaxycommand: "x", galaxy_command: "y" },
      { type: "ansible", galaxycommand: "x" },
    ],
  },
  "a renamed builder that is overridden": {
    builders: [{ type: "virtualbox" }],
    provisioners: [{ type: "shell", override: { virtualbox: { x: 1 } } }],
  },
  "the layout": {
    _comment: "x",
    builders: [
      {
        type: "a",
        text: '\u2028 \u2029 é <a> & \u0001 \b\f\u007f " \\ / \t\n\r 😀',
        list: [[], {}, [1, [true, null]]],
        Z: 1,
        a: 2,
        é: 3,
      },
    ],
    variables: { numbers: [1e21, 1e20, 0.000001, 1e-7, 123456.789, -1.5e-10, 0] },
  },
};

test.skipIf(!packer).for(Object.entries(SAME))(
  packer ? "fix gives what Packer gives, byte for byte: %s" : `fix gives what Packer gives: %s (${WITHOUT_PACKER})`,
  async ([, template]) => {
    const folder = mkdtempSync(join(tmpdir(), "ingot-fix-"));
    try {
      const text = JSON.stringify(template);
      writeFileSync(join(folder, "t.json"), text);
      const { stdout } = await runPacker(["fix", "-validate=false", "t.json"], folder);
      expect(`${fixed(text)}\n`).toBe(stdout);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

/** What we do otherwise than Packer, and why. */
test.each<[string, unknown, unknown]>([
  [
    "that no checksum is wanted is kept, which Packer drops",
    { builders: [{ type: "qemu", iso_checksum_type: "none" }] },
    { builders: [{ iso_checksum: "none", type: "qemu" }] },
  ],
  [
    "a function that is no more is renamed however deep it stands",
    { builders: [{ type: "a", l: ["{{clean_ami_name `y`}}"], m: { n: { k: "{{clean_image_name `x`}}" } } }] },
    {
      builders: [{ l: ["{{clean_resource_name `y`}}"], m: { n: { k: "{{clean_resource_name `x`}}" } }, type: "a" }],
    },
  ],
  [
    "overrides of vagrant that are there already are kept",
    { "post-processors": [{ type: "vagrant", aws: { x: 1 }, override: { virtualbox: { z: 1 } } }] },
    { "post-processors": [{ override: { aws: { x: 1 }, virtualbox: { z: 1 } }, type: "vagrant" }] },
  ],
  [
    "what names a builder by its type is renamed with it",
    {
      builders: [{ type: "vmware" }],
      provisioners: [{ type: "shell", only: ["vmware"], override: { vmware: { x: 1 } } }],
      "post-processors": [[{ type: "manifest", except: ["vmware"] }]],
    },
    {
      builders: [{ type: "vmware-iso" }],
      "post-processors": [[{ except: ["vmware-iso"], type: "manifest" }]],
      provisioners: [{ only: ["vmware-iso"], override: { "vmware-iso": { x: 1 } }, type: "shell" }],
    },
  ],
  [
    "a builder that has a name keeps what names it",
    { builders: [{ type: "proxmox", name: "proxmox" }], provisioners: [{ type: "shell", only: ["proxmox"] }] },
    { builders: [{ name: "proxmox", type: "proxmox-iso" }], provisioners: [{ only: ["proxmox"], type: "shell" }] },
  ],
  [
    "components of a form that makes Packer crash stay as they are",
    { builders: [{ name: "x", ssh_host_port_min: 1 }], "post-processors": [{ type: "docker-tag", tag: ["a", 5] }] },
    { builders: [{ name: "x", ssh_host_port_min: 1 }], "post-processors": [{ tags: ["a"], type: "docker-tag" }] },
  ],
])("fix, otherwise than Packer: %s", (_what, template, expected) => {
  expect(JSON.parse(fixed(JSON.stringify(template)) ?? "")).toEqual(expected);
});

test("a number that no double can hold stays as it was written", () => {
  expect(fixed('{"a": 12345678901234567890, "b": 2.50}')).toBe('{\n  "a": 12345678901234567890,\n  "b": 2.5\n}\n');
});

test.each([
  [
    '{"builders": [{"type": "amazon-ebs", "ssh_private_ip": "{{user `x`}}"}]}',
    "Error fixing: ssh_private_ip is not a boolean",
  ],
  ['{"builders": [', "Error parsing JSON: Missing value"],
  ['{"a": 1, "a": 2}', "template has duplicate field: a"],
  ["[]", "A template must be a JSON object"],
])("%s cannot be fixed", (text, title) => {
  const diagnostics = new Diagnostics();
  expect(fixTemplate({ name: "t.json", text }, diagnostics)).toBeUndefined();
  expect(diagnostics.all[0]?.summary).toBe(title);
});

function fixed(text: string): string | undefined {
  const diagnostics = new Diagnostics();
  const result = fixTemplate({ name: "t.json", text }, diagnostics);
  expect(diagnostics.all).toEqual([]);
  return result;
}
