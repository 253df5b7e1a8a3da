import { Failure } from "../../../sdk/failure.ts";
import type { Host } from "../../../sdk/host.ts";

/** What we read of the docker command's config.json. */
export interface DockerConfig {
  readonly currentContext?: string;
  readonly auths?: Readonly<Record<string, ConfigAuth>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

export interface ConfigAuth {
  /** base64 of "user:password". */
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly registrytoken?: string;
}

/** $DOCKER_CONFIG, or `.docker` in the home folder. */
export function dockerConfigFolder(host: Host): string {
  return host.environment.DOCKER_CONFIG || host.files.resolve(host.home, ".docker");
}

/** Empty where there is no config.json; a Failure where it cannot be understood. */
export async function readDockerConfig(host: Host): Promise<DockerConfig> {
  const path = host.files.resolve(dockerConfigFolder(host), "config.json");
  if (!(await host.files.exists(path))) return {};
  try {
    const content: unknown = JSON.parse(await host.files.readText(path));
    return typeof content === "object" && content !== null ? content : {};
  } catch (cause) {
    throw new Failure(`Could not read the docker configuration ${path}`, {
      cause,
      hint: "Mend or move the file; DOCKER_CONFIG names another folder.",
    });
  }
}
