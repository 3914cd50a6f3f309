using System.Net;
using L4Lb.Engine.Desired;

namespace L4Lb.Host.Tests.Support;

/// <summary>Desired states in one line.</summary>
internal static class States
{
    public static DesiredState Of(params ServiceSpec[] services) => new() { Services = [.. services] };

    public static ServiceSpec Service(string name, params ListenSpec[] listens) =>
        new() { Key = new ServiceKey("default", name, "http"), Listens = [.. listens] };

    public static ListenSpec Listen(string address, ListenKind kind = ListenKind.ClusterIP, BackendScope scope = BackendScope.Cluster) =>
        new() { Address = IPEndPoint.Parse(address), Kind = kind, Scope = scope };

    public static BackendSpec Backend(string address, int weight = 1) => new() { Address = IPEndPoint.Parse(address), Weight = weight };
}
