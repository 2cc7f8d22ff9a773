import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { htmlReport, type ReportedRun } from '@erlmcp/gates/run'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failedRun, hostileRun, passedRun } from '../packages/gates/src/testing/run.ts'

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
)
const long = `<script>document.title = 'broken'</script>" onload="x" ${'long'.repeat(100)}`

describe.skipIf(!program)('the report in Chromium (skipped without Chromium)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'erlmcp-report-'))
  let browser: Browser

  beforeAll(async () => {
    const offline = ['background-networking', 'component-update', 'sync', 'quic', 'gpu']
    const args = ['--no-sandbox', '--no-first-run', ...offline.map((one) => `--disable-${one}`)]
    browser = await chromium.launch({ executablePath: program!, args })
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Opens a run's page, and says what the browser complains of and asks for. */
  async function open(run: ReportedRun, width: number, colorScheme: 'light' | 'dark' = 'light') {
    const file = join(folder, 'gates.html')
    writeFileSync(file, htmlReport(run))
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
    const messages: string[] = []
    page.on('console', (message) => messages.push(message.text()))
    page.on('pageerror', (error) => messages.push(String(error)))
    page.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) messages.push(`requests ${request.url()}`)
    })
    await page.goto(pathToFileURL(file).href)
    return { page, messages }
  }

  const wider = (page: Page) => page.evaluate('document.documentElement.scrollWidth - innerWidth')

  test.each([
    ['passed', passedRun],
    ['failed', failedRun],
    ['hostile', hostileRun(long)],
    ['empty', { ...passedRun, gates: [] }],
  ])('a %s run: no complaint, no request, nothing wider than the window', async (_, run) => {
    for (const width of [320, 400, 768, 1400]) {
      const { page, messages } = await open(run, width)
      expect(messages).toEqual([])
      expect(await wider(page)).toBeLessThanOrEqual(0)
      expect(await page.title()).not.toBe('broken')
      await page.close()
    }
  })

  test('light and dark are the choice of who looks', async () => {
    const colour = 'getComputedStyle(document.body).backgroundColor'
    const light = await open(failedRun, 800, 'light')
    const dark = await open(failedRun, 800, 'dark')
    expect(await light.page.evaluate(colour)).toBe('rgb(246, 247, 249)')
    expect(await dark.page.evaluate(colour)).toBe('rgb(18, 22, 29)')
  })

  test('bars of gates at the same time overlap, and those of others do not', async () => {
    const { page } = await open(failedRun, 1400)
    const bars = await page.locator('.timeline rect:not(.track)').all()
    const boxes = await Promise.all(bars.map((bar) => bar.boundingBox()))
    const [compile, eunit, ct] = boxes
    expect(boxes).toHaveLength(6)
    expect(compile!.x + compile!.width).toBeLessThanOrEqual(eunit!.x + 1)
    expect(Math.abs(eunit!.x - ct!.x)).toBeLessThan(1)
    expect(ct!.width).toBeGreaterThan(eunit!.width * 2)
  })

  test('details open with the keyboard', async () => {
    const { page } = await open(failedRun, 1400)
    const detail = page.locator('.diagnostics details').first()
    expect(await detail.locator('pre').isVisible()).toBe(false)
    await detail.locator('summary').focus()
    await page.keyboard.press('Enter')
    expect(await detail.locator('pre').isVisible()).toBe(true)
  })

  test('on paper everything is open', async () => {
    const { page } = await open(failedRun, 800)
    await page.emulateMedia({ media: 'print' })
    const height =
      "document.querySelector('.diagnostics details pre').getBoundingClientRect().height"
    expect(await page.evaluate(height)).toBeGreaterThan(20)
    expect((await page.pdf()).length).toBeGreaterThan(10_000)
  })

  test('its policy blocks resources that are added to the page', async () => {
    const { page, messages } = await open(passedRun, 800)
    await page.evaluate(`
      const script = document.createElement('script')
      script.textContent = 'document.title = "broken"'
      document.body.append(script)
    `)
    expect(await page.title()).not.toBe('broken')
    expect(messages.join()).toContain('Content Security Policy')
  })
})
