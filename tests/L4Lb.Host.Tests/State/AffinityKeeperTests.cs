using System.Net;
using System.Runtime.Versioning;
using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Host.State;
using L4Lb.Host.Tests.Support;
using L4Lb.Testing;
using Microsoft.Extensions.Logging;

namespace L4Lb.Host.Tests.State;

public sealed class AffinityKeeperTests : IDisposable
{
    private const int Restored = 800;
    private const int Ignored = 801;
    private const int NotKept = 802;
    private const int Recovered = 803;

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly ListLogger _logger = new();
    private readonly FakeTables _tables = new();

    private string FilePath => _folder.File("state/affinity.bin");

    [Fact]
    public async Task What_was_saved_is_restored_older_by_the_time_in_between()
    {
        _tables.Use(Entry(1, idleMs: 500), Entry(2, idleMs: 0));
        await using (var before = Keeper())
        {
            await before.SaveAsync();
        }

        _time.Advance(TimeSpan.FromSeconds(10));
        var other = new FakeTables();
        await using var after = Keeper(other);

        Assert.Equal(2, after.Restore());
        Assert.Equal([Entry(1, idleMs: 10_500), Entry(2, idleMs: 10_000)], Assert.Single(other.Restored!).Entries);
        after.Report(read: 2, restored: 1);
        Assert.Equal([$"affinity: 1 of 2 clients in {FilePath} keep their backends"], _logger.TextsOf(Restored));
    }

    [Fact]
    public async Task A_clock_that_was_set_back_makes_nobody_younger()
    {
        _time.Advance(TimeSpan.FromHours(1));
        _tables.Use(Entry(1, idleMs: 500));
        await Keeper().SaveAsync();
        var other = new FakeTables();

        new AffinityKeeper(_folder.File("state"), other, new ManualTime(), _logger).Restore();

        Assert.Equal([Entry(1, idleMs: 500)], Assert.Single(other.Restored!).Entries);
    }

    [Fact]
    public async Task The_first_use_is_saved_soon_and_further_ones_once_a_period()
    {
        await using var keeper = Keeper();
        keeper.Start();
        await AdvanceAsync(AffinityKeeper.Tick);
        Assert.False(File.Exists(FilePath)); // Nothing to save, and nothing of an earlier run is overwritten.

        _tables.Use(Entry(1));
        await AdvanceAsync(AffinityKeeper.Tick);
        await Eventually.HoldsAsync("the first use is saved", () => Saved().SequenceEqual([Entry(1)]));

        _tables.Use(Entry(1), Entry(2));
        await AdvanceAsync(AffinityKeeper.Period - (2 * AffinityKeeper.Tick));
        Assert.Equal([Entry(1)], Saved());
        await AdvanceAsync(2 * AffinityKeeper.Tick);
        await Eventually.HoldsAsync("the later one is saved too", () => Saved().SequenceEqual([Entry(1), Entry(2)]));
    }

    [Fact]
    public async Task Without_any_use_nothing_is_written()
    {
        _tables.Use(Entry(1));
        await using var keeper = Keeper();
        await keeper.SaveAsync();
        File.Delete(FilePath);

        await keeper.SaveAsync();
        Assert.False(File.Exists(FilePath));

        _tables.Use(Entry(1));
        await keeper.SaveAsync();
        Assert.True(File.Exists(FilePath));
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task The_file_is_for_its_user_alone_and_nothing_lies_beside_it()
    {
        _tables.Use(Entry(1));
        await Keeper().SaveAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(_folder.File("state")));
    }

    [Fact]
    public void The_first_run_has_nothing_to_restore_and_nothing_to_say()
    {
        Assert.Equal(0, Keeper().Restore());

        Assert.Null(_tables.Restored);
        Assert.Empty(_logger.Entries);
    }

    [Fact]
    public async Task A_damaged_file_is_a_warning_and_the_next_save_replaces_it()
    {
        Directory.CreateDirectory(_folder.File("state"));
        await File.WriteAllTextAsync(FilePath, "L4Lb affinity\nand then something else, long enough to be one");

        Assert.Equal(0, Keeper().Restore());

        Assert.Null(_tables.Restored);
        Assert.Equal(LogLevel.Warning, Assert.Single(_logger.Entries).Level);
        Assert.StartsWith($"affinity: {FilePath} is passed over", Assert.Single(_logger.TextsOf(Ignored)));
        _tables.Use(Entry(1));
        await Keeper().SaveAsync();
        Assert.Equal([Entry(1)], Saved());
    }

    [Fact]
    public void A_folder_in_its_place_is_a_warning_too()
    {
        Directory.CreateDirectory(FilePath);

        Assert.Equal(0, Keeper().Restore());
        Assert.Single(_logger.TextsOf(Ignored));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_said_once_and_so_is_that_it_can_be_again()
    {
        await File.WriteAllTextAsync(_folder.File("state"), "no folder");
        var keeper = Keeper();
        for (var i = 0; i < 3; i++)
        {
            _tables.Use(Entry(1));
            await keeper.SaveAsync();
        }

        Assert.Single(_logger.TextsOf(NotKept));
        File.Delete(_folder.File("state"));
        await keeper.SaveAsync(); // What failed is still to be saved.
        _tables.Use(Entry(1));
        await keeper.SaveAsync();

        Assert.Equal([Entry(1)], Saved());
        Assert.Equal([NotKept, Recovered], _logger.Entries.Select(e => e.Id));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Lets time pass once the loop waits for it.</summary>
    private async Task AdvanceAsync(TimeSpan by)
    {
        for (var passed = TimeSpan.Zero; passed < by; passed += AffinityKeeper.Tick)
        {
            await Eventually.HoldsAsync("the loop waits", () => _time.TimersWaiting == 1);
            _time.Advance(AffinityKeeper.Tick);
        }
    }

    private AffinityKeeper Keeper(FakeTables? tables = null) => new(_folder.File("state"), tables ?? _tables, _time, _logger);

    private IReadOnlyList<AffinityEntryState> Saved() =>
        File.Exists(FilePath) ? Assert.Single(AffinityFile.Read(File.ReadAllBytes(FilePath)).Tables).Entries : [];

    private static AffinityEntryState Entry(int client, long idleMs = 0) =>
        new((UInt128)client, AddressKey.From(IPAddress.Parse("10.0.0.1"), 80), idleMs);

    private sealed class FakeTables : IAffinityTables
    {
        private volatile AffinityEntryState[] _entries = [];
        private long _lookups;

        public long Lookups => Interlocked.Read(ref _lookups);

        public IReadOnlyList<AffinityTableState>? Restored { get; private set; }

        public void Use(params AffinityEntryState[] entries)
        {
            _entries = entries;
            Interlocked.Increment(ref _lookups);
        }

        public IEnumerable<AffinityTableState> Export(int maxEntries) => [new(new ServiceKey("default", "web", "http"), _entries)];

        public void Restore(IReadOnlyList<AffinityTableState> tables) => Restored = tables;
    }
}
