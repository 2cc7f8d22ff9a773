/** One direction of a TCP connection whose beginning was captured. */
export interface Flow {
  /** `10.0.0.2:40000 > 10.0.0.3:9100`. */
  readonly name: string
  readonly bytes: Buffer
}

/**
 * The flows in a capture of `tcpdump -y LINUX_SLL -w -`, put together by sequence number. What was
 * under way before the capture began is left out: its first byte is anywhere in a record.
 */
export function flowsOf(capture: Buffer): readonly Flow[] {
  if (capture.readUInt32LE(0) !== 0xa1b2c3d4) throw new Error('no capture of this byte order')
  if (capture.readUInt32LE(20) !== 113) throw new Error('no capture with LINUX_SLL headers')
  const flows = new Map<string, { start: number; parts: Map<number, Buffer> }>()
  for (let at = 24; at + 16 <= capture.length; ) {
    const length = capture.readUInt32LE(at + 8)
    const packet = capture.subarray(at + 16, at + 16 + length)
    at += 16 + length
    const segment = segmentOf(packet)
    if (!segment) continue
    if (segment.syn) flows.set(segment.name, { start: segment.sequence + 1, parts: new Map() })
    const flow = flows.get(segment.name)
    if (flow && segment.payload.length > 0) {
      flow.parts.set((segment.sequence - flow.start) >>> 0, segment.payload)
    }
  }
  return [...flows].map(([name, { parts }]) => ({ name, bytes: joined(parts) }))
}

function joined(parts: ReadonlyMap<number, Buffer>): Buffer {
  let bytes = Buffer.alloc(0)
  for (const [offset, part] of [...parts].sort(([a], [b]) => a - b)) {
    if (offset > bytes.length) throw new Error('the capture lacks a packet')
    // What is sent twice is taken once.
    if (offset + part.length > bytes.length) {
      bytes = Buffer.concat([bytes, part.subarray(bytes.length - offset)])
    }
  }
  return bytes
}

function segmentOf(packet: Buffer) {
  const ip = packet.subarray(16)
  if (packet.readUInt16BE(14) !== 0x0800 || ip[9] !== 6) return undefined
  const header = (ip[0]! & 15) * 4
  const tcp = ip.subarray(header, ip.readUInt16BE(2))
  const address = (offset: number) => ip.subarray(offset, offset + 4).join('.')
  return {
    name: `${address(12)}:${tcp.readUInt16BE(0)} > ${address(16)}:${tcp.readUInt16BE(2)}`,
    sequence: tcp.readUInt32BE(4),
    syn: (tcp[13]! & 2) !== 0,
    payload: tcp.subarray((tcp[12]! >> 4) * 4),
  }
}

/** The types of the TLS records that a flow is made of, or what else is in it (RFC 8446 5.1). */
export function recordsOf({ name, bytes }: Flow): readonly number[] {
  const types: number[] = []
  for (let at = 0; at < bytes.length; ) {
    const head = bytes.subarray(at, at + 5)
    const isRecord = head[0]! >= 20 && head[0]! <= 23 && (head[1] ?? 3) === 3
    if (!isRecord) throw new Error(`${name} has at ${at} no TLS record: ${head.toString('hex')}`)
    types.push(head[0]!)
    // The last one may be cut off by the end of the capture.
    if (head.length < 5) break
    at += 5 + head.readUInt16BE(3)
  }
  return types
}
