export {
  type ComposeContainer,
  composeArgs,
  type Deployment,
  listComposeContainers,
  requireFile,
} from './compose.ts'
export { inspectContainers, listContainers } from './containers.ts'
export { EngineError, type EngineFault, findEngineError } from './engine-error.ts'
export { whilePaused } from './pause.ts'
export { type DockerProcess, type ProcessOptions, startDocker } from './process.ts'
export { type DockerResult, docker, lastLines, type RunOptions, runDocker } from './run.ts'
export { type DockerSession, openSession } from './session.ts'
export { readText, type StreamOptions, streamDocker } from './stream.ts'
