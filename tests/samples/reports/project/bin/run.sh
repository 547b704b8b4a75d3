#!/bin/sh
cd "é"; rm -rf $1/*
