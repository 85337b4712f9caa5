import { ref } from 'vue'

/** Whether this browser can read aloud at all. */
export const canSpeak = typeof window !== 'undefined' && 'speechSynthesis' in window && 'SpeechSynthesisUtterance' in window
/** True while it reads. */
export const speaking = ref(false)

/** Reads the text aloud, slowly enough for an older ear; a second call replaces the first. */
export function speak(text: string, lang: string): void {
  if (!canSpeak) return
  hush()
  const words = new SpeechSynthesisUtterance(text)
  words.lang = lang
  words.rate = 0.9
  words.onend = words.onerror = () => (speaking.value = false)
  speaking.value = true
  window.speechSynthesis.speak(words)
}

/** Stops reading. */
export function hush(): void {
  if (!canSpeak) return
  window.speechSynthesis.cancel()
  speaking.value = false
}
