import * as amazon from "./amazon.ts";
import * as builders from "./any-builder.ts";
import type { Fixer } from "./fixer.ts";
import * as postProcessors from "./post-processors.ts";
import * as provisioners from "./provisioners.ts";
import { proxmoxType, virtualboxRename, vmwareRename } from "./renamed-builders.ts";
import * as machines from "./virtual-machines.ts";

/** All fixers, in the order in which they run: Packer's. */
export const fixers: readonly Fixer[] = [
  builders.isoMd5,
  builders.createTime,
  machines.virtualboxGuestAdditionsAttach,
  postProcessors.vagrantOverride,
  virtualboxRename,
  vmwareRename,
  machines.parallelsHeadless,
  machines.parallelsDeprecations,
  builders.sshKeyPath,
  builders.sshDisableAgent,
  builders.scalewayAccessKey,
  postProcessors.manifestFilename,
  amazon.amazonShutdownBehavior,
  amazon.amazonEnhancedNetworking,
  amazon.amazonPrivateIp,
  amazon.amazonTemporarySecurityCidrs,
  postProcessors.dockerEmail,
  postProcessors.dockerTags,
  provisioners.powershellEscapes,
  machines.vmwareCompaction,
  machines.hypervDeprecations,
  machines.hypervVmxcTypo,
  machines.hypervCpuAndRam,
  builders.cleanImageName,
  amazon.spotPriceAutoProduct,
  machines.qemuDiskSize,
  provisioners.galaxyCommand,
  machines.communicatorPorts,
  builders.sshWaitTimeout,
  machines.vsphereNetworkAndDisk,
  builders.isoChecksumTypeAndUrl,
  machines.qemuHostPort,
  builders.azureExcludeFromLatest,
  proxmoxType,
];

/** The options of a component that fixers rename or remove. */
export function deprecatedOptions(type: string): ReadonlySet<string> {
  return new Set(fixers.flatMap(({ outdated }) => (outdated?.of.test(type) ? outdated.options : [])));
}
