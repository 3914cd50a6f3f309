using System.Net;

namespace L4Lb.Engine.FunctionalTests.Support;

/// <summary>Desired states in few words.</summary>
internal static class Specs
{
    /// <summary>A service on a free loopback port.</summary>
    internal static ServiceSpec Service(params LoopbackBackend[] backends) => Service("web", Loopback.FreeEndPoint(), backends);

    /// <summary>A service by name and address.</summary>
    internal static ServiceSpec Service(string name, IPEndPoint listen, params LoopbackBackend[] backends) => new()
    {
        Key = new ServiceKey("default", name, "tcp"),
        Listens = [new ListenSpec { Address = listen }],
        Backends = [.. backends.Select(backend => new BackendSpec { Address = backend.EndPoint })],
    };

    /// <summary>A UDP service on a free loopback port.</summary>
    internal static ServiceSpec Datagrams(params DatagramBackend[] backends) => Datagrams(Loopback.FreeEndPoint(), backends);

    /// <summary>A UDP service by address.</summary>
    internal static ServiceSpec Datagrams(IPEndPoint listen, params DatagramBackend[] backends) => new()
    {
        Key = new ServiceKey("default", "dns", "udp"),
        Protocol = TransportProtocol.Udp,
        Listens = [new ListenSpec { Address = listen }],
        Backends = [.. backends.Select(backend => new BackendSpec { Address = backend.EndPoint })],
        Timeouts = TimeoutSpec.Default with { Idle = TimeSpan.FromSeconds(30) },
    };

    extension(ServiceSpec service)
    {
        internal ServiceSpec WithDatagramBackends(params DatagramBackend[] backends) =>
            service with { Backends = [.. backends.Select(backend => new BackendSpec { Address = backend.EndPoint })] };

        internal ServiceSpec WithDatagrams(DatagramSpec datagrams) => service with { Datagrams = datagrams };

        internal IPEndPoint Address => service.Listens[0].Address;

        internal ServiceSpec With(params LoopbackBackend[] backends) =>
            service with { Backends = [.. backends.Select(backend => new BackendSpec { Address = backend.EndPoint })] };

        internal ServiceSpec WithTimeouts(Func<TimeoutSpec, TimeoutSpec> change) =>
            service with { Timeouts = change(service.Timeouts) };

        internal ServiceSpec WithLimits(LimitSpec limits) => service with { Limits = limits };

        internal ServiceSpec WithSourceRanges(params string[] ranges) =>
            service with { Listens = [service.Listens[0] with { SourceRanges = [.. ranges.Select(IPNetwork.Parse)] }] };
    }
}
