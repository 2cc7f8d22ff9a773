import { sha256 } from '@erlmcp/core'
import { duration, type ReportedRun, sentenceOfRun, shortDigests, verdictOfRun } from '../run.ts'
import { benchmarkSection } from './benchmarks.ts'
import { coverageSection } from './coverage.ts'
import { failedSection, passedSection } from './diagnostics.ts'
import { type Markup, markup } from './markup.ts'
import { style } from './style.ts'
import { testSection } from './tests.ts'
import { timeline } from './timeline.ts'

/**
 * A run as one HTML file that needs nothing else: no network, no script. Its content security policy
 * lets nothing in but its own style.
 *
 * @example
 * writeFileSync('gates.html', htmlReport(run))
 */
export function htmlReport(run: ReportedRun): string {
  const policy = `default-src 'none'; style-src 'sha256-${sha256(style, 'base64')}'; img-src data:; base-uri 'none'; form-action 'none'`
  const verdict = verdictOfRun(run)
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${verdict === 'green' ? '✓' : '✗'} ${run.project}: ${sentenceOfRun(run)}</title>
<link rel="icon" href="data:,">
<style>${{ html: style }}</style>
</head>
<body>
<header>
<h1>${run.project}: quality gates</h1>
<p class="headline ${verdict}"><span aria-hidden="true">${verdict === 'green' ? '✓' : '✗'}</span><span>${capital(sentenceOfRun(run))}</span></p>
${facts(run)}
</header>
<main>
${run.gates.length > 0 && timeline(run)}
${failedSection(run.gates)}
${run.gates.map(coverageSection)}
${run.gates.map(benchmarkSection)}
${testSection(run)}
${passedSection(run.gates)}
</main>
<footer>Made by erlmcp from what the gates left behind.</footer>
</body>
</html>
`.html
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function facts({ revision, otp, engine, image, started, seconds }: ReportedRun): Markup {
  const when = `${new Date(started).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const all: [string, string | undefined, boolean?][] = [
    ['revision', revision?.slice(0, 12), true],
    ['OTP', otp],
    ['engine', engine],
    ['image', image && shortDigests(image), true],
    ['started', when],
    ['took', duration(seconds)],
  ]
  return markup`<dl class="facts">${all
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value, isCode]) =>
        markup`<div><dt>${name}</dt><dd>${isCode ? markup`<code>${value}</code>` : value}</dd></div>`,
    )}</dl>`
}
