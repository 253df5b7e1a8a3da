import { loginFields } from "../../../platforms/docker/images/login-options.ts";
import { communicatorFields } from "../../../sdk/communicator-options.ts";
import { block, boolean, string, stringList, stringMap } from "../../../spec/fields.ts";

/** Makes the image to start from with a Dockerfile. */
const buildFields = {
  path: string("Path of the Dockerfile.", { required: true, path: "cwd" }),
  build_dir: string("Folder of the build's context.", { path: "cwd", default: "." }),
  arguments: stringMap("Values of the Dockerfile's `ARG`s, by name."),
  pull: boolean("Looks for newer base images even where they are here already.", { default: true }),
  compress: boolean("Compresses the context on its way to the engine.", { default: false }),
  target: string("Stage of the Dockerfile to stop at. Default: the last."),
};

/** Packer's plugin takes them too, though a container is got into without them. */
const unusedFields = Object.fromEntries(
  Object.entries(communicatorFields).map(([name, field]) => [name, { ...field, hidden: true }]),
  // Only whether they are documented differs.
) as typeof communicatorFields;

export const dockerFields = {
  ...unusedFields,

  image: string("Image to start from, as `docker pull` takes it: `debian:12`, `registry:5000/team/app@sha256:…`."),
  build: block("Makes the image to start from with a Dockerfile, instead of `image`.", buildFields),
  pull: boolean("Pulls the image even where it is here already. False: only where it is missing.", {
    defaultDoc: "`true`",
  }),
  platform: string("Platform of the image on engines that have several: `linux/arm64`."),

  commit: boolean("The container becomes an image of the engine.", { default: false }),
  export_path: string("The container's file system becomes this tar file.", { path: "cwd" }),
  discard: boolean("The container is thrown away at the end.", { default: false }),
  author: string("Author of the committed image."),
  message: string("Message of the commit."),
  changes: stringList('Dockerfile instructions for the committed image: `USER app`, `EXPOSE 80`, `CMD ["app"]`.'),

  run_command: stringList("Arguments of a `docker run` that starts the container. `{{.Image}}` stands for the image.", {
    templating: "later",
    defaultDoc: '`["-d", "-i", "-t", "--entrypoint=/bin/sh", "--", "{{.Image}}"]`',
  }),
  volumes: stringMap('Folders of this host, or volumes, and where they are mounted: `{ "/var/cache" = "/cache:ro" }`.'),
  tmpfs: stringList("Places with a file system in memory: `/run`, `/tmp:size=64m`."),
  device: stringList("Devices of the host that the container may use: `/dev/fuse`."),
  cap_add: stringList("Linux capabilities that the container gets."),
  cap_drop: stringList("Linux capabilities that the container loses."),
  privileged: boolean("The container may do all that the host may.", { default: false }),
  runtime: string("Container runtime: `runc`, `runsc`, `kata-runtime`."),
  network: string("Network that the container is in: `bridge`, `host`, `none`, or a network's name."),
  cgroupns: string("Cgroup namespace: `private` or `host`.", { oneOf: ["private", "host"] }),
  windows_container: boolean("The container is a Windows container.", { default: false }),

  communicator: string("How commands and files get into the container.", {
    oneOf: ["docker", "dockerWindowsContainer", "none", "ssh", "winrm"],
    default: "docker",
  }),
  exec_user: string(
    "Who runs commands in the container: `user`, `uid` or `user:group`. Default: the container's user.",
  ),
  pty: boolean("Commands get a terminal; their output comes in one stream then.", { default: false }),
  fix_upload_owner: boolean("Uploaded files belong to the container's user. False: to root.", { default: true }),
  container_dir: string("Accepted for Packer's templates; nothing is mounted, so nothing is left in the image.", {
    hidden: true,
  }),
  docker_path: string(
    "The docker command, for `run_command` arguments that only it understands. `podman`: the engine is looked for at Podman's socket.",
    { default: "docker" },
  ),
  ...loginFields,
};
