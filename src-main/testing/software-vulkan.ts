/** Finds a Vulkan driver in software, on which tests run WebGPU without a graphics card (stack.md 7: SwiftShader comes with chromium). */
import { existsSync } from 'node:fs';

const places = [process.env['VK_ICD_FILENAMES'], '/usr/lib/chromium/vk_swiftshader_icd.json', '/usr/lib/chromium-browser/vk_swiftshader_icd.json', '/opt/google/chrome/vk_swiftshader_icd.json'];
const loaders = ['/usr/lib/x86_64-linux-gnu/libvulkan.so.1', '/usr/lib/aarch64-linux-gnu/libvulkan.so.1', '/usr/lib64/libvulkan.so.1', '/usr/lib/libvulkan.so.1'];

/** Path of the driver's description, or null where there is none, or nothing that would load it. */
export function findSoftwareVulkan(): string | null {
  if (!loaders.some((path) => existsSync(path))) return null;
  return places.find((path) => path !== undefined && existsSync(path)) ?? null;
}
