using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Health.Probes;

/// <summary>Makes the probe that a spec asks for.</summary>
internal static class ProbeFactory
{
    internal static IProbe Create(ProbeSpec spec) => spec.Kind switch
    {
        ProbeKind.Tcp => new TcpProbe(),
        ProbeKind.Http => new HttpProbe(spec),
        ProbeKind.Tls => new TlsProbe(spec),
        ProbeKind.Udp => new UdpProbe(spec),
        ProbeKind.Exec => new ExecProbe(spec),
        _ => throw new ArgumentOutOfRangeException(nameof(spec)),
    };
}
