import { loadCatalogue } from '@/i18n'

/** A lazy page of the bureau's own rooms (desk, dashboard, admin): their shared words are ready before it. */
export function page<T>(load: () => Promise<T>): () => Promise<T> {
  return async () => {
    await loadCatalogue('office')
    return load()
  }
}
