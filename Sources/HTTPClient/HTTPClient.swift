/// An HTTP client that an event loop drives.
package enum HTTPClientPlaceholder {}
