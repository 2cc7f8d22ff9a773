// `npm start`: from a fresh clone to the synthesized reference deployment, and what to do with it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mustPnpm, root } from './pnpm.mjs'

const example = join(root, 'examples', 'erlmcp')

mustPnpm('install', '--frozen-lockfile')
mustPnpm('build')
mustPnpm('--dir', example, 'exec', 'erlmcp', 'synth')

const manifest = JSON.parse(readFileSync(join(example, '.erlmcp', 'manifest.json'), 'utf8'))
console.log(`
The reference deployment is in examples/erlmcp. One file describes it, stack.ts; from it came:

${Object.keys(manifest.sources['stack.ts'])
  .map((file) => `  ${file}`)
  .join('\n')}

With Docker at hand, next:

  cd examples/erlmcp
  npx erlmcp secrets init                                  make what its secrets need
  docker compose -f docker-compose.prod.yml up --build --wait   build it, run it, wait for health
  curl -s http://127.0.0.1:8080/mcp -H 'content-type: application/json' \\
    -H 'accept: application/json, text/event-stream' \\
    -d '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"curl","version":"1"}}}'
  docker compose -f docker-compose.prod.yml down

Then change a line of stack.ts, run \`npx erlmcp diff\`, and \`npx erlmcp synth\`.
To describe your own: README.md.
`)
