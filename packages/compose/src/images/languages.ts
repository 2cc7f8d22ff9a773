import { asRoot, type ImageFacts } from './facts.ts'

// They run the program of the author. As root, the default user, it may write files of a host user.
const language = (
  title: string,
  repositories: readonly string[],
  more: Partial<ImageFacts> = {},
): ImageFacts => ({ title, repositories, capabilities: asRoot, ...more })

const java = { executesTmp: true } as const

/** Distributions, and languages with their runtime. */
export const languages: readonly ImageFacts[] = [
  // https://github.com/nodejs/docker-node/blob/main/Dockerfile-debian.template
  language('Node.js', ['node'], {
    writes: ['/root/.npm'],
  }),
  // https://github.com/docker-library/python/blob/master/Dockerfile-linux.template
  language('Python', ['python']),
  // https://github.com/erlang/docker-erlang-otp/blob/master/28/slim/Dockerfile
  language('Erlang/OTP', ['erlang']),
  // https://github.com/erlef/docker-elixir/blob/main/1.19/Dockerfile
  language('Elixir', ['elixir', 'hexpm/elixir', 'hexpm/erlang']),
  // https://github.com/docker-library/golang/blob/master/Dockerfile-linux.template
  language('Go', ['golang']),
  // https://github.com/docker-library/ruby/blob/master/Dockerfile.template
  language('Ruby', ['ruby']),
  // https://github.com/rust-lang/docker-rust/blob/master/Dockerfile-debian.template
  language('Rust', ['rust']),
  // https://github.com/adoptium/containers
  language(
    'Java',
    [
      'eclipse-temurin',
      'openjdk',
      'amazoncorretto',
      'ibmjava',
      'sapmachine',
      'azul/zulu-openjdk',
      'azul/zulu-openjdk-*',
      'bellsoft/liberica-*',
    ],
    java,
  ),
  // https://github.com/carlossg/docker-maven
  language('Maven', ['maven'], java),
  // https://github.com/gradle/docker-gradle
  language('Gradle', ['gradle'], java),
  // https://github.com/dotnet/dotnet-docker
  language('.NET', ['dotnet/sdk', 'dotnet/runtime', 'dotnet/aspnet']),
  // https://github.com/docker-library/official-images/tree/master/library
  language('Distribution', [
    'debian',
    'ubuntu',
    'alpine',
    'busybox',
    'fedora',
    'rockylinux',
    'almalinux',
    'amazonlinux',
    'oraclelinux',
    'archlinux',
    'buildpack-deps',
    'bash',
  ]),
]
