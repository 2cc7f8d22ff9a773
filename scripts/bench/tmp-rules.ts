import { benchService } from './content.ts'

const { compose, network, service } = await import('@erlmcp/compose')
const core = await import('@erlmcp/core')
const n = Number(process.argv[2])
const networks = [network('backend', { internal: true })]
const services = Array.from({ length: n }, (_, i) =>
  service(`service-${i}`, benchService(i, 'clean', networks) as never),
)
const src = compose('compose.yaml', services)
const t = () => Number(process.hrtime.bigint()) / 1e6
const a = t()
const docs = [...src.documents({ stack: 'b' } as never)]
const b = t()
const rows: [number, string][] = []
const d = docs[0]!
const around = core.alone(d)
const words = d.format.words!(d)
for (const rule of d.format.rules) { if (rule.about && !rule.about.some((w) => words.has(w))) continue;
  const s = t()
  for (const _ of rule.check(d, around));
  rows.push([t() - s, rule.id])
}
const c = t()
d.format.print(d.data, [])
const e = t()
console.log(
  'documents',
  (b - a).toFixed(2),
  'rules',
  (c - b).toFixed(2),
  'print',
  (e - c).toFixed(2),
  rows.length,
)
for (const [ms, id] of rows.sort((x, y) => y[0] - x[0]).slice(0, Number(process.argv[3] ?? 130)))
  console.log(ms.toFixed(3), id)
