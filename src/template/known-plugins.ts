/** A plugin of Packer: the name it gets in `required_plugins`, and where it comes from. */
export interface KnownPlugin {
  readonly accessor: string;
  readonly source: string;
}

/**
 * The well-known plugin that a component type belongs to ("amazon-ebs", "vsphere-iso", "ansible"), so that a message can
 * say what the template needs. undefined for a type that nobody we know of makes.
 */
export function knownPluginOf(type: string): KnownPlugin | undefined {
  const known = byLongestAccessor.find(({ accessor }) => type === accessor || type.startsWith(`${accessor}-`));
  if (known) return known;
  const accessor = ODD_NAMES[type];
  return accessor === undefined ? undefined : byLongestAccessor.find((plugin) => plugin.accessor === accessor);
}

/** Whose accessor is the name of the plugin's repository: "github.com/<owner>/<accessor>". */
const ACCESSORS_BY_OWNER: Readonly<Record<string, readonly string[]>> = {
  hashicorp: [
    "alicloud",
    "amazon",
    "ansible",
    "azure",
    "chef",
    "cloudstack",
    "converge",
    "docker",
    "googlecompute",
    "hyperone",
    "hyperv",
    "inspec",
    "jdcloud",
    "kubevirt",
    "lxc",
    "lxd",
    "ncloud",
    "oneandone",
    "openstack",
    "oracle",
    "profitbricks",
    "proxmox",
    "puppet",
    "qemu",
    "salt",
    "tencentcloud",
    "triton",
    "ucloud",
    "vagrant",
    "virtualbox",
    "yandex",
  ],
  vmware: ["vmware", "vsphere"],
  digitalocean: ["digitalocean"],
  hetznercloud: ["hcloud"],
  linode: ["linode"],
  outscale: ["outscale"],
  Parallels: ["parallels"],
  scaleway: ["scaleway"],
  vultr: ["vultr"],
  exoscale: ["exoscale"],
  UpCloudLtd: ["upcloud"],
  IBM: ["ibmcloud"],
  "ppc64le-cloud": ["powervs"],
  "nutanix-cloud-native": ["nutanix"],
  vatesfr: ["xenserver"],
  cirruslabs: ["tart"],
  veertuinc: ["veertu-anka"],
  naveenrajm7: ["utm"],
  macstadium: ["macstadium-orka"],
  thomasklein94: ["libvirt"],
  juanfont: ["vcd"],
  huaweicloud: ["huaweicloud"],
  kingsoftcloud: ["ksyun"],
  volcengine: ["volcengine"],
  sacloud: ["sakuracloud"],
  gridscale: ["gridscale"],
  Kamatera: ["kamatera"],
  nebius: ["nebius"],
  oxidecomputer: ["oxide"],
  "solo-io": ["arm-image"],
  michalfita: ["cross"],
  rgl: ["windows-update"],
  ivoronin: ["sshkey", "ebsdirect"],
  ethanmdavidson: ["git"],
  YaleUniversity: ["goss"],
  mschuchard: ["testinfra"],
  mondoohq: ["cnspec"],
  joomcode: ["external"],
  wata727: ["amazon-ami-management"],
  osbuild: ["image-builder"],
  servian: ["terraform"],
};

/** Components that do not begin with the accessor of their plugin. */
const ODD_NAMES: Readonly<Record<string, string>> = {
  "osc-bsu": "outscale",
  "osc-bsusurrogate": "outscale",
  "osc-bsuvolume": "outscale",
  "osc-chroot": "outscale",
  "osc-omi": "outscale",
};

const byLongestAccessor: readonly KnownPlugin[] = Object.entries(ACCESSORS_BY_OWNER)
  .flatMap(([owner, accessors]) =>
    accessors.map((accessor) => ({ accessor, source: `github.com/${owner}/${accessor}` })),
  )
  .sort((a, b) => b.accessor.length - a.accessor.length);
