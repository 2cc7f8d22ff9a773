import { asRoot, type ImageFacts } from './facts.ts'

// What runs in these is the author's. As root, as they start, it may write what the host's user owns.
const language = (
  title: string,
  source: string,
  repositories: readonly string[],
  more: Partial<ImageFacts> = {},
): ImageFacts => ({ title, source, repositories, capabilities: asRoot, ...more })

const java = { executesTmp: true } as const

/** Distributions, and languages with their runtime. */
export const languages: readonly ImageFacts[] = [
  language(
    'Node.js',
    'https://github.com/nodejs/docker-node/blob/main/Dockerfile-debian.template',
    ['node'],
    {
      writes: ['/root/.npm'],
    },
  ),
  language(
    'Python',
    'https://github.com/docker-library/python/blob/master/Dockerfile-linux.template',
    ['python'],
  ),
  language(
    'Erlang/OTP',
    'https://github.com/erlang/docker-erlang-otp/blob/master/28/slim/Dockerfile',
    ['erlang'],
  ),
  language('Elixir', 'https://github.com/erlef/docker-elixir/blob/main/1.19/Dockerfile', [
    'elixir',
    'hexpm/elixir',
    'hexpm/erlang',
  ]),
  language('Go', 'https://github.com/docker-library/golang/blob/master/Dockerfile-linux.template', [
    'golang',
  ]),
  language('Ruby', 'https://github.com/docker-library/ruby/blob/master/Dockerfile.template', [
    'ruby',
  ]),
  language(
    'Rust',
    'https://github.com/rust-lang/docker-rust/blob/master/Dockerfile-debian.template',
    ['rust'],
  ),
  language(
    'Java',
    'https://github.com/adoptium/containers',
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
  language('Maven', 'https://github.com/carlossg/docker-maven', ['maven'], java),
  language('Gradle', 'https://github.com/gradle/docker-gradle', ['gradle'], java),
  language('.NET', 'https://github.com/dotnet/dotnet-docker', [
    'dotnet/sdk',
    'dotnet/runtime',
    'dotnet/aspnet',
  ]),
  language(
    'Distribution',
    'https://github.com/docker-library/official-images/tree/master/library',
    [
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
    ],
  ),
]
