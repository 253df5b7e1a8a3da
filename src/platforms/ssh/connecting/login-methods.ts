import ssh2, { type AnyAuthMethod, type ParsedKey } from "ssh2";
import { withCertificate } from "../keys/certificate.ts";
import { fingerprintOf } from "../keys/wire.ts";
import type { Login } from "../settings/ssh-settings.ts";

/** What was tried to log in, for people: "private key ~/.ssh/id (ssh-ed25519 SHA256:…)". */
export interface LoginMethods {
  /** The next method that the server takes; false: none is left. `left`: what the server takes, once it has said so. */
  next(left: readonly string[] | null | undefined): AnyAuthMethod | false;
  readonly tried: readonly string[];
  /** What the server takes, as it said last. */
  readonly offered: readonly string[];
}

interface Method {
  /** As the server calls it. */
  readonly name: string;
  readonly text: string;
  readonly make: () => AnyAuthMethod;
}

/** In Packer's order: agent, keys, password, keyboard-interactive. */
export function loginMethods(login: Login): LoginMethods {
  const tried: string[] = [];
  let offered: readonly string[] = [];
  const methods = [...methodsOf(login, (text) => tried.push(text))];
  return {
    next(left) {
      if (left) offered = left;
      for (let method = methods.shift(); method !== undefined; method = methods.shift()) {
        if (left && left.length > 0 && !left.includes(method.name)) continue;
        if (method.text !== "") tried.push(method.text);
        return method.make();
      }
      return false;
    },
    tried,
    get offered() {
      return offered;
    },
  };
}

function* methodsOf(login: Login, tried: (text: string) => void): Generator<Method> {
  const username = login.user;
  const { agent, password } = login;
  const byAgent = (path: string): Method => ({
    name: "publickey",
    text: "",
    make: () => ({ type: "agent", username, agent: tellingAgent(path, tried) }),
  });
  if (agent?.when === "first") yield byAgent(agent.path);
  for (const [index, { parsed, source, fingerprint }] of login.keys.entries()) {
    const offer = (key: ParsedKey, text: string): Method => ({
      name: "publickey",
      text: `${text} ${source} (${parsed.type} ${fingerprint})`,
      // The library takes a key that it has parsed itself; its types do not say so.
      make: () => ({ type: "publickey", username, key: key as never }),
    });
    const { certificate } = login;
    if (index === 0 && certificate) yield offer(withCertificate(parsed, certificate), "certificate for private key");
    yield offer(parsed, "private key");
  }
  if (password !== undefined) {
    yield { name: "password", text: "password", make: () => ({ type: "password", username, password }) };
    yield {
      name: "keyboard-interactive",
      text: "keyboard-interactive, with the password",
      make: () => ({
        type: "keyboard-interactive",
        username,
        prompt: (_name, _instructions, _language, prompts, answer) => answer(prompts.map(() => password)),
      }),
    };
  }
  if (agent?.when === "last") yield byAgent(agent.path);
}

/** An agent that says which of its keys are offered. */
function tellingAgent(path: string, tried: (text: string) => void): InstanceType<typeof ssh2.BaseAgent> {
  const agent = ssh2.createAgent(path);
  const getIdentities = agent.getIdentities.bind(agent);
  agent.getIdentities = (done) =>
    getIdentities((error, keys) => {
      if (error) tried(`agent at ${path}, which does not answer`);
      else if ((keys ?? []).length === 0) tried(`agent at ${path}, which holds no key`);
      for (const key of keys ?? []) {
        const parsed = ssh2.utils.parseKey(key as never);
        if (parsed instanceof Error || Array.isArray(parsed)) continue;
        tried(`key of the agent (${parsed.type} ${fingerprintOf(parsed.getPublicSSH())})`);
      }
      done(error, keys);
    });
  return agent;
}
