import type { Host } from "../../../../sdk/host.ts";
import { append, type ContainerDraft, put } from "./container-draft.ts";
import { BadFlagValue, bytesOf, commaFields, integerOf, pairOf } from "./flag-values.ts";

/** `-v`: "/container", "/host:/container[:options]", "volume:/container[:options]". */
export function addVolume(draft: ContainerDraft, text: string, host: Host): void {
  // A drive letter's colon divides nothing.
  const [, drive = "", rest = text] = /^([A-Za-z]:(?=[\\/]))?(.*)$/s.exec(text) ?? [];
  const colon = rest.indexOf(":");
  if (colon < 0) {
    put(draft.config, "Volumes", text, {});
    return;
  }
  const source = drive + rest.slice(0, colon);
  if (source === "") throw new BadFlagValue(`"${text}" names nothing to mount`);
  append(draft.host, "Binds", `${hostPath(source, host)}${rest.slice(colon)}`);
}

/** Folders of the host: `~/x` and `./x` as the docker command takes them; anything else is absolute or a volume's name. */
export function hostPath(path: string, host: Host): string {
  if (path === "~" || path.startsWith("~/")) return host.files.resolve(host.home, path.slice(2));
  if (path === "." || path === ".." || /^\.\.?[\\/]/.test(path)) return host.files.resolve(path);
  return path;
}

/** `--tmpfs`: "/run", "/run:size=64m". */
export function addTmpfs(draft: ContainerDraft, text: string): void {
  const colon = text.indexOf(":");
  put(draft.host, "Tmpfs", colon < 0 ? text : text.slice(0, colon), colon < 0 ? "" : text.slice(colon + 1));
}

const isTrue = (value: string) => value === "" || value === "true" || value === "1";

/** `--mount`: "type=bind,source=/a,target=/b,readonly". */
export function mountOf(text: string, host: Host): object {
  const mount: Record<string, unknown> = { Type: "volume" };
  const set = (group: string, member: string, value: unknown) => put(mount, group, member, value);
  for (const field of commaFields(text)) {
    const [key, value] = pairOf(field);
    switch (key.toLowerCase()) {
      case "type":
        mount.Type = value.toLowerCase();
        break;
      case "source":
      case "src":
        mount.Source = hostPath(value, host);
        break;
      case "target":
      case "dst":
      case "destination":
        mount.Target = value;
        break;
      case "readonly":
      case "ro":
        mount.ReadOnly = isTrue(value);
        break;
      case "consistency":
        mount.Consistency = value.toLowerCase();
        break;
      case "bind-propagation":
        set("BindOptions", "Propagation", value.toLowerCase());
        break;
      case "bind-nonrecursive":
        set("BindOptions", "NonRecursive", isTrue(value));
        break;
      case "volume-subpath":
        set("VolumeOptions", "Subpath", value);
        break;
      case "volume-nocopy":
        set("VolumeOptions", "NoCopy", isTrue(value));
        break;
      case "volume-label": {
        const [name, text] = pairOf(value);
        const { Labels } = Object(mount.VolumeOptions);
        set("VolumeOptions", "Labels", { ...Labels, [name]: text });
        break;
      }
      case "volume-driver":
        set("VolumeOptions", "DriverConfig", { ...Object(Object(mount.VolumeOptions).DriverConfig), Name: value });
        break;
      case "volume-opt": {
        const [name, text] = pairOf(value);
        const { DriverConfig } = Object(mount.VolumeOptions);
        const Options = { ...Object(DriverConfig).Options, [name]: text };
        set("VolumeOptions", "DriverConfig", { ...Object(DriverConfig), Options });
        break;
      }
      case "tmpfs-size":
        set("TmpfsOptions", "SizeBytes", bytesOf(value));
        break;
      case "tmpfs-mode":
        set("TmpfsOptions", "Mode", integerOf(value) && Number.parseInt(value, 8));
        break;
      default:
        throw new BadFlagValue(`"${key}" is no part of a mount`);
    }
  }
  if (mount.Target === undefined) throw new BadFlagValue(`"${text}" has no target`);
  return mount;
}
