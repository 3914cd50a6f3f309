using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;
using L4Lb.Testing;

namespace L4Lb.Engine.Tests.Scheduling;

/// <summary>
/// Who gets which client, as letters: A for the first candidate. The files may never change: every client would move.
/// </summary>
public sealed class ConsistentHashingGoldenTests
{
    private const int Clients = 1024;

    /// <summary>
    /// The files of ring are the answers of nginx 1.22 to clients of these addresses:
    /// <c>hash $remote_addr consistent; server 127.0.0.1:21001 weight=4; …</c>
    /// </summary>
    [Fact]
    public void Ring_maps_clients_as_nginx_does()
    {
        var rig = new SchedulerRig(new SchedulerSpec("ring"), Servers(IPAddress.Loopback, 4, 3, 2, 1, 1));

        AssertGolden("ring-nginx", Map(rig, Clients, static i =>
            AddressKey.From(new IPAddress([127, (byte)(1 + (i * 37 % 199)), (byte)(i * 7 % 251), (byte)(1 + (i % 250))]), 40000)));
    }

    /// <summary><c>hash $remote_addr:$remote_port consistent; server [::1]:21001 weight=4; …</c></summary>
    [Fact]
    public void Ring_maps_ipv6_clients_with_their_ports_as_nginx_does()
    {
        var spec = new SchedulerSpec("ring", [new("hash-on", HashKey.SourcePort)]);

        AssertGolden(
            "ring-nginx-ipv6-port",
            Map(new SchedulerRig(spec, Servers(IPAddress.IPv6Loopback, 4, 3, 2)), 256, static i => AddressKey.From(IPAddress.IPv6Loopback, 30000 + (i * 13))));
    }

    [Theory]
    [InlineData("maglev")]
    [InlineData("hrw")]
    [InlineData("chbl")]
    public void Maps_clients_as_ever(string name) =>
        AssertGolden(name, Map(new SchedulerRig(new SchedulerSpec(name), Servers(IPAddress.Loopback, 4, 3, 2, 1, 1)), Clients, static i =>
            i % 2 == 0
                ? AddressKey.FromIPv4(0xC0A80000u + (uint)(i * 37), 40000)
                : new AddressKey(((UInt128)0x20010DB8 << 96) | (uint)i, 40000)));

    private static Candidate[] Servers(IPAddress address, params int[] weights) =>
        [.. weights.Select((weight, i) => new Candidate(AddressKey.From(address, 21001 + i), weight, new BackendLoad()))];

    private static string Map(SchedulerRig rig, int clients, Func<int, AddressKey> client) =>
        string.Concat(Enumerable.Range(0, clients).Select(i =>
            (char)('A' + rig.Scheduler.Next(new FlowKey(client(i), AddressKey.FromIPv4(0x7F000001, 21000)), default, nowMs: 0))));

    private static void AssertGolden(string name, string letters)
    {
        var path = Path.Combine(RepositoryFolder.Root, "tests/L4Lb.Engine.Tests/Scheduling/golden", name + ".txt");
        if (Environment.GetEnvironmentVariable("L4LB_UPDATE_GOLDEN") == "1" && !File.Exists(path))
        {
            File.WriteAllLines(path, letters.Chunk(64).Select(static line => new string(line)));
        }

        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings(""), letters);
    }
}
