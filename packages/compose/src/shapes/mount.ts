import type { BindOptions, ImageOptions, Mount, TmpfsOptions, VolumeOptions } from '../document.ts'
import * as engine from '../engine-forms.ts'
import * as form from '../form.ts'
import { fields, number, oneOf, since, such, text } from '../shape.ts'
import { aSwitch, distinctPairs, size } from './scalar.ts'

const subpath = such(text, { form: engine.subpath })

export const mount = fields<Mount>(
  {
    type: oneOf('bind', 'volume', 'tmpfs', 'cluster', 'npipe', 'image'),
    source: text,
    target: such(text, { form: engine.target }),
    read_only: aSwitch,
    consistency: text,
    bind: fields<BindOptions>({
      propagation: text,
      create_host_path: aSwitch,
      recursive: since('2.30.0', oneOf('enabled', 'disabled', 'writable', 'readonly')),
      selinux: oneOf('z', 'Z'),
    }),
    volume: fields<VolumeOptions>({
      labels: distinctPairs,
      nocopy: aSwitch,
      subpath: since('2.25.0', subpath, '26.0'),
    }),
    tmpfs: fields<TmpfsOptions>({ size, mode: such(number, { form: form.count }) }),
    image: since('2.35.0', fields<ImageOptions>({ subpath }), '28.0'),
  },
  { type: true, target: true },
)
