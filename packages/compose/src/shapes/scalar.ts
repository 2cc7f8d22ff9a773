import type { Ulimit } from '../document.ts'
import { either, fields, list, map, nothing, scalar, text } from '../shape.ts'

export const texts = list(text)
export const textOrTexts = either(text, texts)
export const words = either(text, texts, nothing)
export const pairs = either(texts, map(either(scalar, nothing)))
export const hosts = either(texts, map(textOrTexts))
export const options = map(scalar)
export const ulimits = map(either(scalar, fields<Ulimit>({ soft: scalar, hard: scalar })))
