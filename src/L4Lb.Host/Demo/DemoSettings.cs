namespace L4Lb.Host.Demo;

/// <summary>Everything that <c>l4lb demo</c> was told.</summary>
/// <param name="Stay">How long to go on after the traffic; infinite until a signal.</param>
internal sealed record DemoSettings(TimeSpan Stay);
