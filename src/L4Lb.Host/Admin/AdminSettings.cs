namespace L4Lb.Host.Admin;

/// <summary>Where the admin API is, and who may use it.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="TokenFile">File with the bearer token; null for none.</param>
internal sealed record AdminSettings(AdminAddress Address, string? TokenFile = null);
