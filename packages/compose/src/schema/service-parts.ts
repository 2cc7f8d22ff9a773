import { asDuration } from './author.ts'
import {
  boolean,
  define,
  list,
  map,
  nil,
  numberOrString,
  oneOf,
  scalar,
  since,
  string,
  union,
  withFacts,
} from './define.ts'
import * as engine from './engine-formats.ts'
import { rejected } from './facts.ts'
import { count, flag, strings } from './scalar.ts'

const pause = withFacts(string, { format: engine.pause, ...asDuration })

export const extension = define(
  'Extends',
  {
    /** The name of the service to extend. */
    service: string,
    /** Default: this file. */
    file: string,
  },
  ['service'],
)

export const provider = define(
  'Provider',
  {
    /** External component used by Compose to manage setup and teardown lifecycle of the service. */
    type: string,
    /** Provider-specific options. */
    options: map(union(scalar, list(scalar))),
  },
  ['type'],
)

/** What another service must have reached, and what follows from its restart. */
export const dependency = define(
  'Dependency',
  {
    /** Condition to wait for. 'service_started' waits until the service has started, 'service_healthy' waits until the service is healthy (as defined by its healthcheck), 'service_completed_successfully' waits until the service has completed successfully. */
    condition: withFacts(
      oneOf('service_started', 'service_healthy', 'service_completed_successfully'),
      { author: { omit: true } },
    ),
    /** Whether this one restarts when Compose restarts the other. Default: `false`. */
    restart: flag,
    /** Whether the other one must be there at all. Default: `true`. */
    required: boolean,
  },
  ['condition'],
)

export const envFile = withFacts(
  define(
    'EnvFile',
    {
      /** Path to the environment file. */
      path: string,
      /** `raw`: no interpolation. */
      format: since('2.30.0', oneOf('raw')),
      /** Default: `true`. */
      required: flag,
    },
    ['path'],
  ),
  { swarm: rejected('Write the path alone: the docker CLI requires every file.') },
)

/** The variables that a service finds a model by. */
export const modelUse = define('ModelUse', {
  /** Environment variable set to AI model endpoint. */
  endpoint_var: string,
  /** Environment variable set to AI model name. */
  model_var: since('2.38.1', string),
})

export const healthcheck = define('Healthcheck', {
  /** Whether the image's own check is switched off. Default: `false`. */
  disable: flag,
  /** Shell line, or `['CMD', …]`, `['CMD-SHELL', line]`, `['NONE']`. */
  test: withFacts(union(string, strings), {
    author: { type: "Text | readonly ['NONE' | 'CMD' | 'CMD-SHELL', ...Text[]]" },
    merge: 'replace',
  }),
  /** Duration between two checks. Default: `30s`. */
  interval: pause,
  /** Duration that a check may take. Default: `30s`. */
  timeout: pause,
  /** Failures in a row that make it unhealthy. Default: 3. */
  retries: count,
  /** Duration at the start in which failures do not count. Default: `0s`. */
  start_period: pause,
  /** Duration between two checks in the start period. Default: `5s`. */
  start_interval: since('2.20.2', pause, '25.0'),
})

export const logging = define('Logging', {
  /** `json-file` (default), `local`, `journald`, `syslog`, `none`, … */
  driver: string,
  /** Options for the logging driver. */
  options: map(union(numberOrString, nil)),
})
