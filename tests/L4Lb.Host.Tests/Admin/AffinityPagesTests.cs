using System.Net;
using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Testing;

namespace L4Lb.Host.Tests.Admin;

/// <summary><c>/api/v1/affinity</c> with 100,000 clients.</summary>
public sealed class AffinityPagesTests : IAsyncLifetime
{
    private const int OfWeb = 60_000;
    private const int OfMail = 40_000;
    private const int All = OfWeb + OfMail;

    private readonly LoopbackBackend _backend = LoopbackBackend.Echo();
    private ServiceSpec _web = null!;
    private AdminRig _rig = null!;

    public async ValueTask InitializeAsync()
    {
        var affinity = new AffinitySpec { MaxEntries = All };
        _web = AdminRig.Service("web", _backend) with { Affinity = affinity };
        var mail = AdminRig.Service("mail", _backend) with { Affinity = affinity };
        _rig = await AdminRig.StartAsync([Clients(_web, 1, OfWeb), Clients(mail, 200_000, OfMail)], AdminRig.Service("none", _backend), _web, mail);
    }

    [Theory]
    [InlineData("", 10_000, All)]
    [InlineData("&service=shop/web", 7_000, OfWeb)]
    [InlineData("&service=shop/mail", 8_000, OfMail)] // Its last part is full.
    [InlineData("&service=shop/none", 100, 0)]
    public async Task Pages_have_everybody_once_although_they_are_used_meanwhile(string filter, int limit, int expected)
    {
        var seen = new List<(string, string)>();
        for (long? after = 0; after is { } last;)
        {
            var page = await _rig.GetAsync($"/api/v1/affinity?limit={limit}&after={last}{filter}");
            var items = page["items"]!.AsArray();
            after = (long?)page["next"];
            Assert.Equal(expected, (int)page["total"]!);
            Assert.True(items.Count == limit || after is null, "a part that is not the last is full");
            Assert.True(items.Count > 0 || expected == 0, "no part is empty");
            seen.AddRange(items.Select(static i => ((string)i!["service"]!, (string)i["client"]!)));
            using var client = await TestConnection.ConnectAsync(_web.Listens[0].Address, IPAddress.Parse("127.0.0.1"));
            await client.ExchangeAsync(new byte[1]); // The first of web's clients is the one used last.
        }

        Assert.Equal(expected, seen.Count);
        Assert.Equal(expected, seen.Distinct().Count());
    }

    [Fact]
    public void A_page_costs_what_it_has()
    {
        var start = _rig.Engine.ReadAffinity(static _ => true, 0, All / 2).Next!.Value;

        var before = GC.GetAllocatedBytesForCurrentThread();
        var page = _rig.Engine.ReadAffinity(static _ => true, start, 500);

        Assert.Equal((500, All), (page.Items.Count, page.Total));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 * 1024); // All of them are 10 MB.
    }

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _backend.DisposeAsync();
    }

    /// <summary>Clients 127.0.0.1 and on.</summary>
    private AffinityTableState Clients(ServiceSpec service, int first, int count)
    {
        var backend = AddressKey.From(_backend.EndPoint);
        return new(service.Key,
        [
            .. Enumerable.Range(first, count).Select(i => new AffinityEntryState(
                AddressKey.FromIPv4(0x7F000000 + (uint)i, 0).Address, backend, IdleMs: i)),
        ]);
    }
}
