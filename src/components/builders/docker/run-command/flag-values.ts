/** A value that a flag cannot have. The message says why, without the flag's name. */
export class BadFlagValue extends Error {}

/** Bytes of "512m", "1.5g", "1024", "2GiB". -1 stays. */
export function bytesOf(text: string): number {
  const match = /^(-?\d+(?:\.\d+)?)\s*([kmgtp]?)(?:i?b)?$/i.exec(text.trim());
  if (match === null) throw new BadFlagValue(`"${text}" is no size like 512m or 2g`);
  return Math.floor(Number(match[1]) * 1024 ** " kmgtp".indexOf((match[2] || " ").toLowerCase()));
}

export function integerOf(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new BadFlagValue(`"${text}" is no whole number`);
  return Number(text);
}

/** Nanoseconds of a duration as Go writes it: "1m30s", "500ms". */
export function nanosecondsOf(text: string): number {
  const units: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };
  if (text === "0") return 0;
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) throw new BadFlagValue(`"${text}" is no duration like 1m30s`);
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g))
    sum += Number(amount) * (units[unit ?? ""] ?? 0);
  return Math.round(sum);
}

/** "name=soft:hard" */
export function ulimitOf(text: string): { Name: string; Soft: number; Hard: number } {
  const match = /^([a-z]+)=(-?\d+)(?::(-?\d+))?$/.exec(text);
  if (match === null) throw new BadFlagValue(`"${text}" is no limit like nofile=1024:2048`);
  const [, name = "", soft, hard] = match;
  return { Name: name, Soft: Number(soft), Hard: Number(hard ?? soft) };
}

/** "path[:pathInContainer][:rwm]" */
export function deviceOf(text: string): { PathOnHost: string; PathInContainer: string; CgroupPermissions: string } {
  const [host = "", second, third] = text.split(":");
  if (host === "") throw new BadFlagValue(`"${text}" names no device`);
  const isPermissions = third === undefined && second !== undefined && /^[rwm]{1,3}$/.test(second);
  return {
    PathOnHost: host,
    PathInContainer: second === undefined || isPermissions ? host : second,
    CgroupPermissions: (isPermissions ? second : third) ?? "rwm",
  };
}

/** "path:number" */
export function weightOf(text: string, member: "Rate" | "Weight", number: (text: string) => number): object {
  const colon = text.lastIndexOf(":");
  if (colon <= 0) throw new BadFlagValue(`"${text}" is not of the form device:${member.toLowerCase()}`);
  return { Path: text.slice(0, colon), [member]: number(text.slice(colon + 1)) };
}

/** "name", "name:3" */
export function restartOf(text: string): { Name: string; MaximumRetryCount: number } {
  const [name = "", count] = text.split(":");
  return { Name: name, MaximumRetryCount: count === undefined ? 0 : integerOf(count) };
}

/** "key=value"; without `=`, the value is empty. */
export function pairOf(text: string): readonly [string, string] {
  const equals = text.indexOf("=");
  return equals < 0 ? [text, ""] : [text.slice(0, equals), text.slice(equals + 1)];
}

export interface PublishedPort {
  /** "80/tcp" */
  readonly port: string;
  readonly binding: { readonly HostIp: string; readonly HostPort: string };
}

/** "[[ip:][hostPort]:]port[/protocol]"; ports may be ranges of the same length. */
export function portsOf(text: string): PublishedPort[] {
  const match = /^(?:(?:(\[[^\]]*\]|[^:]*):)?(\d*(?:-\d+)?):)?(\d+(?:-\d+)?)(?:\/(tcp|udp|sctp))?$/.exec(text);
  if (match === null) throw new BadFlagValue(`"${text}" is no port like 8080:80 or 127.0.0.1:8080:80/tcp`);
  const [, ip = "", hostText = "", portText = "", protocol = "tcp"] = match;
  const ports = rangeOf(portText);
  const hosts = hostText === "" ? [] : rangeOf(hostText);
  if (hosts.length > 0 && hosts.length !== ports.length) {
    // One port of the container, a range of the host's: the engine picks one.
    if (ports.length !== 1) throw new BadFlagValue(`the ranges of "${text}" are of different lengths`);
    return [{ port: `${ports[0]}/${protocol}`, binding: { HostIp: bare(ip), HostPort: hostText } }];
  }
  return ports.map((port, index) => ({
    port: `${port}/${protocol}`,
    binding: { HostIp: bare(ip), HostPort: hosts[index] === undefined ? "" : String(hosts[index]) },
  }));
}

/** "80", "80-90/udp" as ports of a container. */
export function exposedPortsOf(text: string): string[] {
  return portsOf(text).map(({ port }) => port);
}

function rangeOf(text: string): number[] {
  const [first = 0, last = first] = text.split("-").map(Number);
  if (last < first || last > 65_535) throw new BadFlagValue(`"${text}" is no range of ports`);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function bare(ip: string): string {
  return ip.replace(/^\[|\]$/g, "");
}

/** The fields of a line of comma separated values, as `--mount` and `--gpus` take it. */
export function commaFields(text: string): string[] {
  const fields: string[] = [];
  for (const match of text.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/g)) {
    const field = match[1] ?? "";
    fields.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
  }
  return fields.filter((field) => field !== "");
}
