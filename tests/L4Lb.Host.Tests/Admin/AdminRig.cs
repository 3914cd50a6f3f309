using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Host.Addresses;
using L4Lb.Host.Admin;
using L4Lb.Host.Journal;
using L4Lb.Host.Logging;
using L4Lb.Host.Running;
using L4Lb.Testing;
using Microsoft.Extensions.Logging;

namespace L4Lb.Host.Tests.Admin;

/// <summary>An admin API in front of a data plane that forwards, and a client of it.</summary>
internal sealed class AdminRig : IAsyncDisposable
{
    private readonly ILoggerFactory _logs;
    private readonly List<IAsyncDisposable> _owned = [];
    private AdminServer _server = null!;

    private AdminRig()
    {
        _logs = LoggerFactory.Create(builder => builder.AddProvider(Journal));
        Engine = new LoadBalancer(new LoadBalancerOptions { Shards = 2, HealthLog = new HealthLog(_logs.CreateLogger("L4Lb")) });
        Sources = new AdminSources(Status, Engine, new NoAddressHolder(), Journal);
    }

    public EventJournal Journal { get; } = new(TimeProvider.System);

    public InstanceStatus Status { get; } = new();

    public LoadBalancer Engine { get; }

    public AdminSources Sources { get; }

    public HttpClient Http { get; private set; } = null!;

    public Uri Address => new UriBuilder(_server.Address) { Host = "127.0.0.1" }.Uri;

    public static Task<AdminRig> StartAsync(params ServiceSpec[] services) =>
        StartAsync(new AdminSettings(AdminAddress.At(new IPEndPoint(IPAddress.Loopback, 0))), services);

    public static Task<AdminRig> StartAsync(AdminSettings settings, params ServiceSpec[] services) => StartAsync(settings, [], services);

    /// <summary>With clients that keep a backend from before.</summary>
    public static Task<AdminRig> StartAsync(IReadOnlyList<AffinityTableState> remembered, params ServiceSpec[] services) =>
        StartAsync(new AdminSettings(AdminAddress.At(new IPEndPoint(IPAddress.Loopback, 0))), remembered, services);

    private static async Task<AdminRig> StartAsync(
        AdminSettings settings, IReadOnlyList<AffinityTableState> remembered, ServiceSpec[] services)
    {
        var rig = new AdminRig();
        try
        {
            rig.Engine.Start();
            rig.Engine.RestoreAffinity(remembered);
            await rig.ApplyAsync(services);
            rig._server = await AdminServer.StartAsync(settings, rig.Sources, rig._logs);
            rig.Http = new HttpClient { BaseAddress = rig.Address };
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    public static ServiceSpec Service(string name, params LoopbackBackend[] backends) => new()
    {
        Key = new ServiceKey("shop", name, "http"),
        Listens = [new ListenSpec { Address = Loopback.FreeEndPoint() }],
        Backends = [.. backends.Select(static b => new BackendSpec { Address = b.EndPoint })],
    };

    /// <summary>A backend that sends everything back; ends with the rig.</summary>
    public T Own<T>(T item)
        where T : IAsyncDisposable
    {
        _owned.Add(item);
        return item;
    }

    public async Task ApplyAsync(params ServiceSpec[] services)
    {
        var applied = await Engine.ApplyAsync(new DesiredState { Services = [.. services] });
        Assert.True(applied.Accepted, string.Join('\n', applied.Errors));
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        var (status, body) = await SendAsync("GET", path);
        Assert.True(status == 200, $"GET {path}: {status} {body}");
        return JsonNode.Parse(body)!;
    }

    public async Task<(int Status, string Body)> SendAsync(string method, string path, string? body = null, string? token = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await Engine.DisposeAsync();
        foreach (var item in _owned)
        {
            await item.DisposeAsync();
        }

        _logs.Dispose();
        Journal.Dispose();
    }
}
