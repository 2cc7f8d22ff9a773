export { finished, runScript, startCommand } from './child.ts'
export { compileModule } from './compile-module.ts'
export {
  type CommandOptions,
  type ComposeOptions,
  type ComposeProject,
  type ContainerInspection,
  type ContainerStatus,
  composeProject,
  downAll,
  type ExecOptions,
  type UpOptions,
} from './compose.ts'
export { describeEngine, describeSwarm } from './describe-engine.ts'
export { describeReadme } from './describe-readme.ts'
export { describeRefused } from './describe-refused.ts'
export { describeRules, type RuleTests } from './describe-rules.ts'
export { type Engine, type EngineSearch, engineRequired, findEngine } from './engine.ts'
export { fakeContainer, fakeDocker } from './fake-docker.ts'
export { type Evaluate, githubExpressions } from './github-expressions.ts'
export {
  type GithubDefinition,
  type GithubParser,
  githubActionParser,
  githubParser,
  githubSchema,
} from './github-parser.ts'
export { ensureImages, type ImageSource, standInLabel } from './images.ts'
export { oneAtATime } from './one-at-a-time.ts'
export { CommandError, type Finished, must, type RunOptions, run } from './process.ts'
export { describeReadmeOutput } from './readme-output.ts'
export { runLabel } from './reaper.ts'
export { rounds, sample } from './rounds.ts'
export { findSwarm, type SwarmEngine, type SwarmOfEngines, swarmOfEngines } from './swarm.ts'
export { findTool } from './tools.ts'
