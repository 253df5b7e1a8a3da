import type { Work } from "../../../sdk/component.ts";
import type { Problems } from "../../../spec/field.ts";
import { boolean, string } from "../../../spec/fields.ts";
import type { DockerEngine } from "../engine/engine.ts";
import { logIn, type RegistryLogin } from "./registry-login.ts";

/** The options by which components log in to a registry. */
export const loginFields = {
  login: boolean("Logs in to the registry for the time of the transfer, with the options below.", { default: false }),
  login_username: string("User name for the registry."),
  login_password: string("Password for the registry.", { sensitive: true }),
  login_server: string("Address of the registry. Default: Docker Hub."),
  ecr_login: boolean("Logs in to Amazon ECR.", { default: false }),
  aws_access_key: string("AWS access key for `ecr_login`.", { sensitive: true }),
  aws_secret_key: string("AWS secret key for `ecr_login`.", { sensitive: true }),
  aws_token: string("AWS session token for `ecr_login`.", { sensitive: true }),
  aws_profile: string("AWS profile for `ecr_login`."),
  aws_force_use_public_ecr: boolean("Takes the registry for ECR Public.", { default: false }),
};

/** `ecr_login` is decoded, so that templates can be read; it cannot be done yet. */
export function checkLogin(config: { ecr_login?: boolean | undefined }, problems: Problems): void {
  if (config.ecr_login !== true) return;
  if (!problems.has("login_server")) problems.error("ecr_login", "ECR login requires login server to be provided.");
  problems.error(
    "ecr_login",
    "Logging in to Amazon ECR is not supported yet",
    "Log in beforehand with `aws ecr get-login-password | docker login --username AWS --password-stdin REGISTRY`, and leave ecr_login out: what `docker login` stored is used.",
  );
}

/** Logs in where the options say so. Nothing is stored: there is nothing to log out of. */
export async function logInByOptions(
  engine: DockerEngine,
  config: {
    readonly login: boolean;
    readonly login_server?: string | undefined;
    readonly login_username?: string | undefined;
    readonly login_password?: string | undefined;
  },
  work: Work,
): Promise<RegistryLogin | undefined> {
  if (!config.login) return undefined;
  work.say("Logging in...");
  return logIn(
    engine,
    { server: config.login_server, username: config.login_username, password: config.login_password },
    work.signal,
  );
}
