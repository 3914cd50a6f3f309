using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;
using L4Lb.Testing;

namespace L4Lb.Engine.Tests.Scheduling;

/// <summary>
/// Who gets which client, as letters: A for the first candidate, - for refused. The golden files were computed from the
/// formulas of the kernel by another program; they may never change, since every client would move.
/// </summary>
public sealed class KernelHashingGoldenTests
{
    private const int Clients = 1024;

    [Theory]
    [InlineData("sh")]
    [InlineData("sh-port-fallback", "sh-port", "sh-fallback")]
    public void Sh_maps_clients_as_the_kernel_does(string golden, params string[] flags) =>
        AssertGolden(golden, Map(new SchedulerRig(new SchedulerSpec("sh", Flags(flags)), Weights(4, 3, 2, 0, 1)), IPv4));

    [Fact]
    public void Sh_maps_ipv6_clients_as_the_kernel_does() =>
        AssertGolden("sh-ipv6", Map(new SchedulerRig("sh", [4, 3, 2, 0, 1]), static i => new(((UInt128)0x20010DB8 << 96) | (uint)i, 40000)));

    [Theory]
    [InlineData("mh")]
    [InlineData("mh-port-fallback", "mh-port", "mh-fallback")]
    public void Mh_maps_clients_as_the_kernel_does(string golden, params string[] flags) =>
        AssertGolden(golden, Map(new SchedulerRig(new SchedulerSpec("mh", Flags(flags)), WithOneDown()), IPv4));

    [Theory]
    [InlineData("mh-table", 4093)]
    [InlineData("mh-table-251", 251)]
    public void Mh_fills_its_table_as_the_kernel_does(string golden, int size) =>
        AssertGolden(golden, Letters(KernelMaglevTable.Fill(WithOneDown(), size)));

    private static Candidate[] WithOneDown()
    {
        var candidates = Weights(400, 300, 20, 7, 100);
        candidates[3] = candidates[3] with { Weight = 0 };
        return candidates;
    }

    private static Candidate[] Weights(params int[] weights) =>
        [.. weights.Select(static (weight, i) => SchedulerRig.Candidate(i, weight))];

    private static AddressKey IPv4(int client) => AddressKey.FromIPv4(0xC0A80000u + (uint)client, 40000);

    private static EquatableArray<SchedulerParameter> Flags(params string[] names) =>
        [.. names.Select(static name => new SchedulerParameter(name, ""))];

    private static string Map(SchedulerRig rig, Func<int, AddressKey> client) =>
        Letters(Enumerable.Range(0, Clients).Select(i =>
            rig.Scheduler.Next(new FlowKey(client(i * 37), AddressKey.FromIPv4(0x0A600001, 80)), default, nowMs: 0)));

    private static string Letters(IEnumerable<int> picks) => string.Concat(picks.Select(static i => i < 0 ? '-' : (char)('A' + i)));

    private static void AssertGolden(string name, string letters)
    {
        var path = Path.Combine(RepositoryFolder.Root, "tests/L4Lb.Engine.Tests/Scheduling/golden", name + ".txt");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings(""), letters);
    }
}
