/** The proxy that a Windows machine has for an URL: the typed surface of it. */

export interface NativeProxy {
  /**
   * 0 or a Win32 error. Where the network was asked: 258 without an answer in time, 170 while an earlier call that ran out
   * of time is still under way, 12180 (ERROR_WINHTTP_AUTODETECTION_FAILED) where it names no script, 12166 and 12177
   * for a script that is bad or fails, 12167 for one that is not to be had, 12178 without Windows' service for it.
   */
  readonly error: number;
  /**
   * WinHTTP's form: items `[scheme=][scheme://]host[:port]`, separated by semicolons or blanks. Empty where there is none:
   * directly.
   */
  readonly proxy: string;
  /** Hosts that are reached directly, `<local>` for those without a dot; separated in the same way. */
  readonly bypass: string;
}

export interface WinHttpAddon {
  /**
   * The proxy of `netsh winhttp set proxy`, and its bypass list, whatever the URL. Where none is set and `autoDetect` is true, the
   * one for this URL by the script that the network names (WPAD, by DHCP and DNS), which gets no credentials and runs in a process of Windows': a list to try in
   * turn.
   *
   * Runs on a thread of libuv's pool and keeps it up to `timeoutMs` (32 bits), which bounds the asking of the network.
   * Loads winhttp.dll of the system folder the first time. Arguments of a wrong kind, and a text with a NUL in it, throw at once.
   *
   * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpgetdefaultproxyconfiguration
   * https://learn.microsoft.com/windows/win32/api/winhttp/nf-winhttp-winhttpgetproxyforurl
   * https://learn.microsoft.com/windows/win32/api/winhttp/ns-winhttp-winhttp_proxy_info
   */
  winHttpProxy(url: string, autoDetect: boolean, timeoutMs: number): Promise<NativeProxy>;
}
