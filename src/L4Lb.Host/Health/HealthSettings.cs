using L4Lb.Host.Admin;

namespace L4Lb.Host.Health;

/// <summary>Everything that <c>l4lb health</c> was told.</summary>
/// <param name="Admin">The admin API of the instance that is asked.</param>
/// <param name="CertificateFile">Its certificate, when it has TLS.</param>
/// <param name="Timeout">Time that it has for its answer.</param>
internal sealed record HealthSettings(AdminAddress Admin, string? CertificateFile, TimeSpan Timeout);
