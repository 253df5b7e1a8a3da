import type { Host } from "../../../../sdk/host.ts";
import { append, type ContainerDraft, put } from "./container-draft.ts";
import {
  BadFlagValue,
  bytesOf,
  commaFields,
  deviceOf,
  exposedPortsOf,
  integerOf,
  nanosecondsOf,
  pairOf,
  portsOf,
  restartOf,
  ulimitOf,
  weightOf,
} from "./flag-values.ts";
import { addTmpfs, addVolume, mountOf } from "./mounts.ts";

/** What flags may ask for while they are translated. */
export interface FlagContext {
  readonly host: Host;
  /** Of a file on this machine. When a template is checked: empty, unread. */
  readText(path: string): Promise<string>;
}

export interface RunFlag {
  readonly short?: string;
  readonly takes: "text" | "nothing";
  /** Throws BadFlagValue. For flags without a value: `"true"` or `"false"`. */
  apply(draft: ContainerDraft, value: string, context: FlagContext): void | Promise<void>;
}

type Part = "config" | "host" | "network";
type Convert = (text: string) => unknown;

/** Sets one member. */
const set = (part: Part, member: string, convert: Convert = (text) => text): RunFlag => ({
  takes: "text",
  apply: (draft, value) => {
    draft[part][member] = convert(value);
  },
});

/** Appends to one list. */
const add = (part: Part, member: string, convert: Convert = (text) => text): RunFlag => ({
  takes: "text",
  apply: (draft, value) => append(draft[part], member, convert(value)),
});

/** Adds "key=value" to one map. */
const entry = (part: Part, member: string): RunFlag => ({
  takes: "text",
  apply: (draft, value) => put(draft[part], member, ...pairOf(value)),
});

const truth = (part: Part, member: string): RunFlag => ({
  takes: "nothing",
  apply: (draft, value) => {
    draft[part][member] = value === "true";
  },
});

/** What concerns only a docker command that stays attached, which we never are. */
const ignored = (takes: RunFlag["takes"]): RunFlag => ({ takes, apply: () => {} });

const short = (letter: string, flag: RunFlag): RunFlag => ({ ...flag, short: letter });

const rate = (text: string) => weightOf(text, "Rate", integerOf);
const byteRate = (text: string) => weightOf(text, "Rate", bytesOf);
const health = (member: string, convert: Convert): RunFlag => ({
  takes: "text",
  apply: (draft, value) => put(draft.config, "Healthcheck", member, convert(value)),
});

/** Every flag of `docker run`, and what it means to the Engine API. */
export const runFlags: Readonly<Record<string, RunFlag>> = {
  "add-host": add("host", "ExtraHosts", (text) => text.replace(/^([^:=]+)=/, "$1:")),
  annotation: entry("host", "Annotations"),
  attach: short("a", ignored("text")),
  "blkio-weight": set("host", "BlkioWeight", integerOf),
  "blkio-weight-device": add("host", "BlkioWeightDevice", (text) => weightOf(text, "Weight", integerOf)),
  "cap-add": add("host", "CapAdd", capabilityOf),
  "cap-drop": add("host", "CapDrop", capabilityOf),
  "cgroup-parent": set("host", "CgroupParent"),
  cgroupns: set("host", "CgroupnsMode"),
  cidfile: {
    takes: "text",
    apply: (draft, value) => {
      draft.idFile = value;
    },
  },
  "cpu-count": set("host", "CpuCount", integerOf),
  "cpu-percent": set("host", "CpuPercent", integerOf),
  "cpu-period": set("host", "CpuPeriod", integerOf),
  "cpu-quota": set("host", "CpuQuota", integerOf),
  "cpu-rt-period": set("host", "CpuRealtimePeriod", integerOf),
  "cpu-rt-runtime": set("host", "CpuRealtimeRuntime", integerOf),
  "cpu-shares": short("c", set("host", "CpuShares", integerOf)),
  cpus: set("host", "NanoCpus", nanoCpus),
  "cpuset-cpus": set("host", "CpusetCpus"),
  "cpuset-mems": set("host", "CpusetMems"),
  detach: short("d", ignored("nothing")),
  "detach-keys": ignored("text"),
  device: add("host", "Devices", deviceOf),
  "device-cgroup-rule": add("host", "DeviceCgroupRules"),
  "device-read-bps": add("host", "BlkioDeviceReadBps", byteRate),
  "device-read-iops": add("host", "BlkioDeviceReadIOps", rate),
  "device-write-bps": add("host", "BlkioDeviceWriteBps", byteRate),
  "device-write-iops": add("host", "BlkioDeviceWriteIOps", rate),
  "disable-content-trust": ignored("nothing"),
  dns: add("host", "Dns"),
  "dns-opt": add("host", "DnsOptions"),
  "dns-option": add("host", "DnsOptions"),
  "dns-search": add("host", "DnsSearch"),
  domainname: set("config", "Domainname"),
  // An empty one takes the image's away.
  entrypoint: set("config", "Entrypoint", (text) => [text]),
  env: short("e", { takes: "text", apply: addVariable }),
  "env-file": { takes: "text", apply: addVariablesOfFile },
  expose: {
    takes: "text",
    apply: (draft, value) => {
      for (const port of exposedPortsOf(value)) put(draft.config, "ExposedPorts", port, {});
    },
  },
  gpus: { takes: "text", apply: (draft, value) => append(draft.host, "DeviceRequests", gpuRequest(value)) },
  "group-add": add("host", "GroupAdd"),
  "health-cmd": health("Test", (text) => ["CMD-SHELL", text]),
  "health-interval": health("Interval", nanosecondsOf),
  "health-retries": health("Retries", integerOf),
  "health-start-interval": health("StartInterval", nanosecondsOf),
  "health-start-period": health("StartPeriod", nanosecondsOf),
  "health-timeout": health("Timeout", nanosecondsOf),
  hostname: short("h", set("config", "Hostname")),
  init: truth("host", "Init"),
  interactive: short("i", truth("config", "OpenStdin")),
  ip: { takes: "text", apply: (draft, value) => put(draft.network, "IPAMConfig", "IPv4Address", value) },
  ip6: { takes: "text", apply: (draft, value) => put(draft.network, "IPAMConfig", "IPv6Address", value) },
  ipc: set("host", "IpcMode"),
  isolation: set("host", "Isolation"),
  "kernel-memory": set("host", "KernelMemory", bytesOf),
  label: short("l", entry("config", "Labels")),
  "label-file": { takes: "text", apply: addLabelsOfFile },
  link: add("host", "Links"),
  "link-local-ip": {
    takes: "text",
    apply: (draft, value) => {
      const known = Object(draft.network.IPAMConfig).LinkLocalIPs;
      put(draft.network, "IPAMConfig", "LinkLocalIPs", [...(Array.isArray(known) ? known : []), value]);
    },
  },
  "log-driver": { takes: "text", apply: (draft, value) => put(draft.host, "LogConfig", "Type", value) },
  "log-opt": {
    takes: "text",
    apply: (draft, value) => {
      const [key, text] = pairOf(value);
      put(draft.host, "LogConfig", "Config", { ...Object(Object(draft.host.LogConfig).Config), [key]: text });
    },
  },
  "mac-address": set("config", "MacAddress"),
  memory: short("m", set("host", "Memory", bytesOf)),
  "memory-reservation": set("host", "MemoryReservation", bytesOf),
  "memory-swap": set("host", "MemorySwap", bytesOf),
  "memory-swappiness": set("host", "MemorySwappiness", integerOf),
  mount: { takes: "text", apply: (draft, value, { host }) => append(draft.host, "Mounts", mountOf(value, host)) },
  name: {
    takes: "text",
    apply: (draft, value) => {
      draft.name = value;
    },
  },
  net: { takes: "text", apply: setNetwork },
  "net-alias": add("network", "Aliases"),
  network: { takes: "text", apply: setNetwork },
  "network-alias": add("network", "Aliases"),
  "no-healthcheck": {
    takes: "nothing",
    apply: (draft, value) => {
      if (value === "true") put(draft.config, "Healthcheck", "Test", ["NONE"]);
    },
  },
  "oom-kill-disable": truth("host", "OomKillDisable"),
  "oom-score-adj": set("host", "OomScoreAdj", integerOf),
  pid: set("host", "PidMode"),
  "pids-limit": set("host", "PidsLimit", integerOf),
  platform: {
    takes: "text",
    apply: (draft, value) => {
      draft.platform = value;
    },
  },
  privileged: truth("host", "Privileged"),
  publish: short("p", { takes: "text", apply: addPorts }),
  "publish-all": short("P", truth("host", "PublishAllPorts")),
  pull: { takes: "text", apply: setPull },
  quiet: short("q", ignored("nothing")),
  "read-only": truth("host", "ReadonlyRootfs"),
  restart: set("host", "RestartPolicy", restartOf),
  rm: truth("host", "AutoRemove"),
  runtime: set("host", "Runtime"),
  "security-opt": { takes: "text", apply: addSecurityOption },
  "shm-size": set("host", "ShmSize", bytesOf),
  "sig-proxy": ignored("nothing"),
  "stop-signal": set("config", "StopSignal"),
  "stop-timeout": set("config", "StopTimeout", integerOf),
  "storage-opt": entry("host", "StorageOpt"),
  sysctl: entry("host", "Sysctls"),
  tmpfs: { takes: "text", apply: addTmpfs },
  tty: short("t", truth("config", "Tty")),
  ulimit: add("host", "Ulimits", ulimitOf),
  user: short("u", set("config", "User")),
  userns: set("host", "UsernsMode"),
  uts: set("host", "UTSMode"),
  volume: short("v", { takes: "text", apply: (draft, value, { host }) => addVolume(draft, value, host) }),
  "volume-driver": set("host", "VolumeDriver"),
  "volumes-from": add("host", "VolumesFrom"),
  workdir: short("w", set("config", "WorkingDir")),
};

/** "NET_ADMIN", "cap_net_admin" and "CAP_NET_ADMIN" are one. */
export function capabilityOf(text: string): string {
  const name = text.toUpperCase();
  return name === "ALL" || name.startsWith("CAP_") ? name : `CAP_${name}`;
}

function nanoCpus(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new BadFlagValue(`"${text}" is no number of processors`);
  return Math.round(Number(text) * 1e9);
}

/** `-e NAME` passes our own on; where there is none, the image's is taken away. */
function addVariable(draft: ContainerDraft, text: string, { host }: FlagContext): void {
  if (text.startsWith("=")) throw new BadFlagValue(`"${text}" names no variable`);
  const inherited = text.includes("=") ? undefined : host.environment[text];
  append(draft.config, "Env", inherited === undefined ? text : `${text}=${inherited}`);
}

async function addVariablesOfFile(draft: ContainerDraft, path: string, context: FlagContext): Promise<void> {
  for (const line of linesOf(await context.readText(path))) {
    if (line.includes("=") || context.host.environment[line] !== undefined) addVariable(draft, line, context);
  }
}

async function addLabelsOfFile(draft: ContainerDraft, path: string, context: FlagContext): Promise<void> {
  for (const line of linesOf(await context.readText(path))) put(draft.config, "Labels", ...pairOf(line));
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trimStart());
  return lines.filter((line) => line !== "" && !line.startsWith("#"));
}

/** "name", or "name=web,alias=a,ip=10.0.0.2". */
function setNetwork(draft: ContainerDraft, text: string): void {
  if (!/^(name|alias|ip|ip6|driver-opt|mac-address|link-local-ip)=/.test(text)) {
    draft.host.NetworkMode = text;
    return;
  }
  for (const field of commaFields(text)) {
    const [key, value] = pairOf(field);
    if (key === "name") draft.host.NetworkMode = value;
    else if (key === "alias") append(draft.network, "Aliases", value);
    else if (key === "ip") put(draft.network, "IPAMConfig", "IPv4Address", value);
    else if (key === "ip6") put(draft.network, "IPAMConfig", "IPv6Address", value);
    else if (key === "mac-address") draft.network.MacAddress = value;
    else if (key === "driver-opt") put(draft.network, "DriverOpts", ...pairOf(value));
    else throw new BadFlagValue(`"${key}" is no part of a network`);
  }
}

function addPorts(draft: ContainerDraft, text: string): void {
  for (const { port, binding } of portsOf(text)) {
    put(draft.config, "ExposedPorts", port, {});
    const known = Object(draft.host.PortBindings)[port];
    put(draft.host, "PortBindings", port, [...(Array.isArray(known) ? known : []), binding]);
  }
}

function setPull(draft: ContainerDraft, text: string): void {
  if (text !== "always" && text !== "missing" && text !== "never") {
    throw new BadFlagValue(`"${text}" is not one of always, missing, never`);
  }
  draft.pull = text;
}

/** The engine takes a seccomp profile itself, not its path. */
async function addSecurityOption(draft: ContainerDraft, text: string, context: FlagContext): Promise<void> {
  const [key = "", value] = text.split(/[=:](.*)/s);
  if (key === "systempaths" && value === "unconfined") {
    draft.host.MaskedPaths = [];
    draft.host.ReadonlyPaths = [];
    return;
  }
  const isProfile = key === "seccomp" && value !== undefined && value !== "unconfined" && value !== "builtin";
  append(draft.host, "SecurityOpt", isProfile ? `seccomp=${await context.readText(value)}` : text);
}

/** "all", "2", "device=0", '"device=0,1"', "count=2,capabilities=utility". */
function gpuRequest(text: string): object {
  const request: { Driver?: string; Count: number; DeviceIDs?: string[]; Capabilities: string[][] } = {
    Count: 1,
    Capabilities: [["gpu"]],
  };
  const countOf = (value: string) => (value === "all" ? -1 : integerOf(value));
  for (const field of commaFields(text)) {
    const [key, value] = pairOf(field);
    if (!field.includes("=")) request.Count = countOf(field);
    else if (key === "count") request.Count = countOf(value);
    else if (key === "driver") request.Driver = value;
    else if (key === "capabilities") request.Capabilities = [["gpu", ...value.split(",")]];
    else if (key === "device") Object.assign(request, { Count: 0, DeviceIDs: value.split(",") });
    else throw new BadFlagValue(`"${key}" is no part of --gpus`);
  }
  return request;
}
