import { checkLogin } from "../../../platforms/docker/images/login-options.ts";
import type { Host } from "../../../sdk/host.ts";
import type { PartialConfig, Problems } from "../../../spec/field.ts";
import type { dockerFields } from "./fields.ts";
import { checkRunCommand } from "./run-command/check-run-command.ts";

type Config = PartialConfig<typeof dockerFields>;

/** Rules across options. Summaries that Packer's docker plugin has are worded as there. */
export async function checkDocker(config: Config, problems: Problems, host: Host): Promise<void> {
  checkSource(config, problems);
  await checkDockerfile(config, problems, host);
  await checkProduct(config, problems, host);
  checkRefused(config, problems);
  await checkRunCommand(config, problems, host);
}

function checkSource(config: Config, problems: Problems): void {
  const hasBuild = problems.has("build");
  // Where the image is not known yet, it will not be empty.
  const hasImage = problems.has("image") && config.image !== "";
  if (hasImage && hasBuild)
    problems.error("image", "`image` cannot be specified with a build config", "Leave out one of them.");
  if (!hasImage && !hasBuild) {
    problems.error(
      undefined,
      "missing 'image' attribute or 'build' section, either needs to be specified for a build to run.",
    );
  }
  if (hasBuild && config.pull === true) {
    problems.warning("pull", "`pull` is ignored beside `build`", "`build.pull` (true by default) takes its place.");
  }
}

async function checkDockerfile({ build }: Config, problems: Problems, host: Host): Promise<void> {
  if (build?.path !== undefined) {
    const stat = await host.files.stat(build.path);
    if (stat?.kind !== "file") {
      const detail = stat === undefined ? `There is no ${build.path}.` : `${build.path} is no regular file.`;
      problems.error("build.path", "The Dockerfile cannot be read", detail);
    }
  }
  if (build?.build_dir !== undefined) {
    const stat = await host.files.stat(build.build_dir);
    if (stat?.kind !== "folder") {
      const detail = stat === undefined ? `There is no ${build.build_dir}.` : `${build.build_dir} is no folder.`;
      problems.error("build.build_dir", "The build's folder cannot be read", detail);
    }
  }
}

async function checkProduct(config: Config, problems: Problems, host: Host): Promise<void> {
  const asked = [
    config.commit === true ? "commit" : undefined,
    problems.has("export_path") && config.export_path !== "" ? "export_path" : undefined,
    config.discard === true ? "discard" : undefined,
  ].filter((name) => name !== undefined);
  const unknown = (name: "commit" | "discard") => problems.has(name) && config[name] === undefined;
  if (asked.length > 1) {
    problems.error(
      asked[1],
      "Cannot specify more than one of commit, discard, and export_path",
      `Here are ${asked.join(" and ")}.`,
    );
  }
  if (asked.length === 0 && !unknown("commit") && !unknown("discard")) {
    problems.error(
      undefined,
      "No instructions given for handling the artifact; expected commit, discard, or export_path",
      "Set commit = true for an image of the engine, export_path for a tar file, or discard = true to keep neither.",
    );
  }
  if (config.export_path && (await host.files.stat(config.export_path))?.kind === "folder") {
    problems.error("export_path", "export_path must be a file, not a directory", `${config.export_path} is a folder.`);
  }
}

/** What is decoded, so that templates can be read, but cannot be done (yet). */
function checkRefused(config: Config, problems: Problems): void {
  checkLogin(config, problems);
  if (config.windows_container === true || config.communicator === "dockerWindowsContainer") {
    problems.error(
      config.windows_container === true ? "windows_container" : "communicator",
      "Windows containers are not supported yet",
      "Only Linux containers can be built.",
    );
  }
  if (config.communicator === "ssh" || config.communicator === "winrm") {
    problems.error(
      "communicator",
      `The communicator "${config.communicator}" is not supported for containers yet`,
      'Leave it out: "docker" runs commands and copies files by the engine, without anything installed in the container.',
    );
  }
}
