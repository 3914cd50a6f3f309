using System.Text;
using L4Lb.K8s.Client;
using L4Lb.K8s.Leases;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Tests.Leases;

public sealed class LeaseJsonTests
{
    private static readonly Lease s_lease = new()
    {
        Metadata = new()
        {
            Name = "lease",
            Namespace = "system",
            Uid = "1-2-3",
            ResourceVersion = "995",
            Labels = new ObjectMeta().Labels.SetItem("app", "l4lb"),
            Annotations = new ObjectMeta().Labels.SetItem("note", "\"quoted\""),
            Finalizers = ["a/b"],
        },
        Holder = "node-1",
        Duration = TimeSpan.FromSeconds(15),
        AcquireTime = new(2026, 1, 2, 5, 4, 5, TimeSpan.FromHours(2)),
        RenewTime = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1_234_567),
        Transitions = 3,
    };

    [Fact]
    public void Times_are_in_UTC_with_six_digits()
    {
        Assert.Equal(
            """{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"lease","namespace":"system","uid":"1-2-3","resourceVersion":"995","labels":{"app":"l4lb"},"annotations":{"note":"\u0022quoted\u0022"},"finalizers":["a/b"]},"spec":{"holderIdentity":"node-1","leaseDurationSeconds":15,"acquireTime":"2026-01-02T03:04:05.000000Z","renewTime":"2026-01-02T03:04:05.123456Z","leaseTransitions":3}}""",
            Encoding.UTF8.GetString(LeaseJson.Write(s_lease).Span));
    }

    [Fact]
    public void What_is_written_can_be_read()
    {
        var lease = s_lease with { RenewTime = s_lease.AcquireTime };
        Assert.Equal(lease, Resources.Leases.Read((MappingNode)JsonTreeReader.Read(LeaseJson.Write(lease).Span)!));
        var bare = new Lease { Metadata = new() { Name = "lease", Namespace = "system" } };
        Assert.Equal(bare, Resources.Leases.Read((MappingNode)JsonTreeReader.Read(LeaseJson.Write(bare).Span)!));
    }
}
