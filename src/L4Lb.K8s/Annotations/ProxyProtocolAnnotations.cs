using System.Net;
using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Annotations;

/// <summary>The annotations about the PROXY protocol.</summary>
internal static class ProxyProtocolAnnotations
{
    private static readonly ValueReader<ProxyProtocolVersion> s_version =
        Values.OneOf(("v1", ProxyProtocolVersion.V1), ("v2", ProxyProtocolVersion.V2));

    private static readonly ValueReader<bool> s_flag = Values.OneOf(("true", true), ("false", false));

    private static readonly ValueReader<TimeSpan> s_timeout =
        Values.Duration(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));

    /// <summary>Adds what <paramref name="text"/> says to <paramref name="read"/>; null when it is about something else.</summary>
    public static ServiceAnnotations? Read(AnnotationText text, ServiceAnnotations read) =>
        ReadProxyProtocol(text, read.ProxyProtocol) is { } proxyProtocol ? read with { ProxyProtocol = proxyProtocol } : null;

    private static ProxyProtocolSpec? ReadProxyProtocol(AnnotationText text, ProxyProtocolSpec read) => text.Name switch
    {
        AnnotationNames.ProxyProtocol => read with { Send = text.Read(s_version, read.Send) },
        AnnotationNames.AcceptProxyProtocol => read with { Accept = text.Read(s_flag, read.Accept) },
        AnnotationNames.ProxyProtocolTrusted =>
            read with { TrustedSources = text.Read<EquatableArray<IPNetwork>>(Values.Networks, []) },
        AnnotationNames.ProxyProtocolTimeout => read with { HeaderTimeout = text.Read(s_timeout, read.HeaderTimeout) },
        _ => null,
    };
}
