import cProfile, pstats
from tests.cast import Cast
def test_x(base, time, tmp_path):
    p=cProfile.Profile(); import time as t
    a=t.perf_counter(); p.enable(); c=Cast.play(base,time,tmp_path); p.disable(); print("play",t.perf_counter()-a)
    a=t.perf_counter(); r=c.on_hold(); print("hold",t.perf_counter()-a)
    pstats.Stats(p).sort_stats("tottime").print_stats(14)
